package io.countersign.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where demos live unless told otherwise, and which one was started last: {@code .countersign} in a checkout, the user's own
 * data directory for an installed distribution. The script says which.
 */
record Home(Path directory) {

    /** Set by the script. */
    private static final String PROPERTY = "countersign.home";

    static Home here() {
        String home = System.getProperty(PROPERTY);
        return new Home(
                home == null ? Path.of(System.getProperty("user.home"), ".local/share/countersign") : Path.of(home));
    }

    /** How the user called the script, for sentences that name a command to paste. */
    static String script() {
        return System.getProperty("countersign.script", "countersign");
    }

    Path defaultData() {
        return directory.resolve("demo");
    }

    /**
     * So that {@code token} finds the demo that somebody just started.
     *
     * @return whether it will; not where this directory is another user's, as in a checkout that root has built
     */
    boolean remember(Path data) {
        try {
            Files.createDirectories(directory);
            Files.writeString(current(), data.toAbsolutePath() + "\n");
            return true;
        } catch (AccessDeniedException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remember the demo in " + current(), e);
        }
    }

    /** The data directory of the demo that was started last, unless one is named. */
    Path dataOrLast(@Nullable Path named) {
        if (named != null) {
            return named;
        }
        try {
            return Files.exists(current()) ? Path.of(Files.readString(current()).strip()) : defaultData();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + current(), e);
        }
    }

    private Path current() {
        return directory.resolve("current");
    }
}
