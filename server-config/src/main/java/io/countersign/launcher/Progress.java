package io.countersign.launcher;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Lines that tell a waiting person what goes on and for how long: {@code [ 3.2 s] starting Payara Micro}. */
final class Progress {

    private final Clock clock;
    private final PrintStream out;
    private final Instant begun;

    Progress(Clock clock, PrintStream out) {
        this.clock = clock;
        this.out = out;
        this.begun = clock.instant();
    }

    /** Safe for concurrent use: a line is printed whole. */
    void say(String what) {
        double seconds = Duration.between(begun, clock.instant()).toMillis() / 1000.0;
        out.println(String.format(Locale.ROOT, "[%4.1f s] %s", seconds, what));
    }
}
