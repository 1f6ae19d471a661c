package io.countersign.launcher;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The account under which PostgreSQL runs. Its server refuses to run as root, so a demo started by root hands it to
 * {@code postgres} or, where there is none, to {@code nobody}.
 *
 * @param switched the account to switch to; empty when the demo's own account does
 */
record ServiceAccount(Optional<UserPrincipal> switched) {

    private static final long ROOT = 0;

    static ServiceAccount chosen() {
        if (!runsAsRoot()) {
            return new ServiceAccount(Optional.empty());
        }
        return new ServiceAccount(Optional.of(Stream.of("postgres", "nobody")
                .flatMap(name -> known(name).stream())
                .findFirst()
                .orElseThrow(() ->
                        new Failure("PostgreSQL does not run as root, and this machine has neither an account postgres"
                                + " nor nobody. Start the demo as an ordinary user."))));
    }

    /** The command as that account runs it. */
    List<String> running(String... command) {
        List<String> line = new ArrayList<>();
        switched.ifPresent(account -> line.addAll(List.of(
                "setpriv",
                "--reuid=" + account.getName(),
                "--regid=" + group(account),
                "--clear-groups",
                "--inh-caps=-all")));
        line.addAll(Arrays.asList(command));
        return line;
    }

    /** Whether that account gets to this directory: everybody may pass each directory above it. */
    boolean reaches(Path directory) {
        if (switched.isEmpty()) {
            return true;
        }
        for (Path above = directory.toAbsolutePath().getParent(); above != null; above = above.getParent()) {
            if (Files.exists(above) && !passable(above)) {
                return false;
            }
        }
        return true;
    }

    /** Lets others pass through this directory, which is ours, without a look inside; nothing where nobody needs to. */
    void letPass(Path directory) throws IOException {
        if (switched.isPresent()) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
            Files.setPosixFilePermissions(directory, permissions);
        }
    }

    /** Makes this file or directory that account's own. */
    void give(Path file) throws IOException {
        if (switched.isPresent()) {
            Files.setOwner(file, switched.get());
        }
    }

    private static boolean passable(Path directory) {
        try {
            return Files.getPosixFilePermissions(directory).contains(PosixFilePermission.OTHERS_EXECUTE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the permissions of " + directory, e);
        }
    }

    private static boolean runsAsRoot() {
        return new UnixSystem().getUid() == ROOT;
    }

    private static Optional<UserPrincipal> known(String name) {
        try {
            return Optional.of(
                    FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name));
        } catch (UserPrincipalNotFoundException missing) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot look up the account " + name, e);
        }
    }

    /** The account's primary group, the fourth field of its line in {@code /etc/passwd} (passwd(5)). */
    private static String group(UserPrincipal account) {
        try (Stream<String> lines = Files.lines(Path.of("/etc/passwd"))) {
            return lines.map(line -> line.split(":", -1))
                    .filter(fields -> fields.length > 3 && fields[0].equals(account.getName()))
                    .map(fields -> fields[3])
                    .findFirst()
                    .orElseThrow(() -> new Failure("/etc/passwd does not name " + account.getName()
                            + ". Start the demo as an ordinary user."));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read /etc/passwd", e);
        }
    }
}
