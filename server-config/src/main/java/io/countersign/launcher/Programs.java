package io.countersign.launcher;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
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

    private Programs() {}

    /** Unpacks into that directory, whole or not at all. */
    static void unpack(Path archive, Path into) throws IOException {
        if (!System.getProperty("os.arch").equals("amd64")) {
            throw new Failure("The demo brings PostgreSQL for Linux on amd64 only; this is "
                    + System.getProperty("os.arch") + ".");
        }
        Path draft = into.resolveSibling(into.getFileName() + ".new");
        delete(draft);
        makeDirectory(draft);
        try (ZipFile jar = new ZipFile(archive.toFile())) {
            ZipEntry entry = jar.getEntry(ENTRY);
            if (entry == null) {
                throw new Failure(archive + " holds no " + ENTRY + ". Build the distribution again.");
            }
            try (TarArchiveInputStream tar =
                    new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(jar.getInputStream(entry))))) {
                for (TarArchiveEntry item = tar.getNextEntry(); item != null; item = tar.getNextEntry()) {
                    unpack(item, tar, draft);
                }
            }
        }
        Files.move(draft, into, StandardCopyOption.ATOMIC_MOVE);
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
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
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
