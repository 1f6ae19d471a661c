package io.countersign.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import java.util.function.Supplier;

/** Generated secrets of a demo, each in a file that only its owner reads. */
final class Secrets {

    static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path folder;

    Secrets(Path folder) {
        this.folder = folder;
    }

    /** For machines: 192 random bits, the same at every start. */
    String key(String name) {
        return kept(name, 24);
    }

    /** For people to type or paste: 72 random bits as 12 characters, the same at every start. */
    String password(String name) {
        return kept(name, 9);
    }

    private String kept(String name, int bytes) {
        byte[] secret = kept(folder.resolve(name), () -> random(bytes).getBytes(StandardCharsets.UTF_8));
        return new String(secret, StandardCharsets.UTF_8);
    }

    /** The file's content; made and kept where there is none yet. */
    static byte[] kept(Path file, Supplier<byte[]> made) {
        try {
            if (!Files.exists(file)) {
                write(file, made.get());
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot keep a secret in " + file, e);
        }
    }

    /** Whole or not at all, and never readable by others, not even for a moment. */
    static void write(Path file, byte[] content) throws IOException {
        Path draft = Files.createTempFile(
                file.toAbsolutePath().getParent(), file.getFileName().toString(), ".new", OWNER_ONLY);
        Files.write(draft, content, StandardOpenOption.TRUNCATE_EXISTING);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Letters, digits, {@code -} and {@code _}: fit for URLs, command lines and SQL literals. */
    static String random(int bytes) {
        byte[] drawn = new byte[bytes];
        RANDOM.nextBytes(drawn);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(drawn);
    }
}
