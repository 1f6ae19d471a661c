package io.countersign.launcher;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's server programs, unpacked from the Maven artifact that carries them (a tar.xz inside a jar). */
final class Programs {

    private static final String ENTRY = "postgres-linux-x86_64.txz";

    /** Owner's execute bit of a tar entry's mode. */
    private static final int EXECUTABLE = 0100;

    private static final FileAttribute<Set<PosixFilePermission>> TRAVERSABLE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));

    private Programs() {}

    /**
     * The directory with {@code bin/}, {@code lib/} and {@code share/}, unpacked at first use. Demos share it: its name
     * tells which archive it came from.
     *
     * @param inside where it belongs
     */
    static Path unpacked(Path archive, Path inside, Progress progress) throws IOException {
        try (ZipFile jar = new ZipFile(archive.toFile())) {
            ZipEntry entry = jar.getEntry(ENTRY);
            if (entry == null) {
                throw new Failure(archive + " holds no " + ENTRY + ". Build the distribution again.");
            }
            Path programs = inside.resolve("postgresql-%08x".formatted(entry.getCrc()));
            if (!Files.exists(programs)) {
                requireAmd64();
                progress.say("unpacking PostgreSQL into " + programs);
                unpack(jar.getInputStream(entry), programs);
            }
            return programs;
        }
    }

    private static void requireAmd64() {
        String architecture = System.getProperty("os.arch");
        if (!architecture.equals("amd64")) {
            throw new Failure("The demo brings PostgreSQL for Linux on amd64 only; this is " + architecture + ".");
        }
    }

    /** Whole or not at all: another demo may look for it, or do the same, at this moment. */
    private static void unpack(InputStream packed, Path into) throws IOException {
        makeDirectory(into.resolveSibling(""));
        Path draft = Files.createTempDirectory(into.resolveSibling(""), "postgresql-new-", TRAVERSABLE);
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)))) {
            for (TarArchiveEntry item = tar.getNextEntry(); item != null; item = tar.getNextEntry()) {
                unpack(item, tar, draft);
            }
        }
        Files.setPosixFilePermissions(draft, TRAVERSABLE.value());
        try {
            Files.move(draft, into, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.exists(into)) {
                throw e;
            }
            // Another demo was faster; its copy is as good.
            delete(draft);
        }
    }

    private static void unpack(TarArchiveEntry item, InputStream content, Path into) throws IOException {
        Path file = into.resolve(item.getName()).normalize();
        if (!file.startsWith(into)) {
            throw new Failure("The archive of PostgreSQL names a file outside itself: " + item.getName());
        }
        // The archive names some files before their directories.
        makeDirectory(item.isDirectory() ? file : file.resolveSibling(""));
        if (item.isDirectory()) {
            return;
        }
        if (item.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(item.getLinkName()));
        } else {
            Files.copy(content, file);
            boolean executable = (item.getMode() & EXECUTABLE) != 0;
            Files.setPosixFilePermissions(
                    file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    /** With those above it; whatever umask we run under, another account may have to pass. */
    private static void makeDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            makeDirectory(directory.resolveSibling(""));
            Files.createDirectory(directory);
            Files.setPosixFilePermissions(directory, TRAVERSABLE.value());
        }
    }

    /** Removes a directory with all in it; nothing where there is none. */
    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
