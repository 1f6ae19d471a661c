package io.countersign.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Everything a demo keeps: its store, records, secrets, policy and logs. One running demo each. */
final class DataDirectory implements AutoCloseable {

    private final Path root;
    private final FileChannel lockFile;
    private final FileLock lock;

    private DataDirectory(Path root, FileChannel lockFile, FileLock lock) {
        this.root = root;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /** Opens it for this process alone, making it where it is missing. */
    static DataDirectory open(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        try {
            // Others may pass through, not look: PostgreSQL, run as another user when we are root, has its place in
            // here.
            make(root, "rwx--x--x");
            for (String part : new String[] {"secrets", "issuer", "store", "records", "log", "payara"}) {
                make(root.resolve(part), "rwx------");
            }
            FileChannel lockFile = FileChannel.open(
                    root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = tryLock(lockFile);
            if (lock == null) {
                String holder = Files.readString(root.resolve("lock")).strip();
                lockFile.close();
                throw new Failure(
                        "Another demo (process %s) runs on %s. Stop it, or name another directory with --data."
                                .formatted(holder, root));
            }
            lockFile.truncate(0);
            lockFile.write(
                    StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
            return new DataDirectory(root, lockFile, lock);
        } catch (IOException e) {
            throw new Failure(
                    "The data directory %s cannot be written (%s). Name another one with --data.".formatted(root, e),
                    e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private static void make(Path directory, String permissions) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
        }
        if (!Files.isWritable(directory)) {
            throw new AccessDeniedException(directory.toString());
        }
    }

    /** Ends the claim on it; the files stay. */
    @Override
    public void close() {
        try {
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot give up the lock on " + root, e);
        }
    }

    Path root() {
        return root;
    }

    Secrets secrets() {
        return new Secrets(root.resolve("secrets"));
    }

    Path issuerKey() {
        return issuerKey(root);
    }

    static Path issuerKey(Path root) {
        return root.resolve("issuer/key.json");
    }

    Path accounts() {
        return root.resolve("secrets/accounts.yaml");
    }

    /** For the gateway's listeners. */
    Path listenerKeyStore() {
        return root.resolve("secrets/listener-tls.p12");
    }

    /** For the demo's own PostgreSQL. */
    Path targetKeyStore() {
        return root.resolve("secrets/target-tls.p12");
    }

    /** What the gateway trusts when it signs in there. */
    Path targetCertificate() {
        return root.resolve("secrets/target-tls.pem");
    }

    Path policy() {
        return root.resolve("policy");
    }

    Path store() {
        return root.resolve("store/countersign");
    }

    Path records() {
        return root.resolve("records");
    }

    /** The gateway's log: this file, and after it numbered ones that are older. */
    Path log() {
        return root.resolve("log/gateway.0.log");
    }

    /** Payara's own instance directory. */
    Path payara() {
        return root.resolve("payara");
    }

    Path postgres() {
        return root.resolve("postgres");
    }

    /** The ports of the last start. */
    Path ports() {
        return root.resolve("ports.properties");
    }
}
