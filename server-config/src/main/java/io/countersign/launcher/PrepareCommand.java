package io.countersign.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * {@code countersign prepare}, which the script runs once after the first build: rehearses a demo, so that PostgreSQL is
 * unpacked and the JVM leaves its class archive behind. The first real demo then starts as fast as any.
 */
@Command(name = "prepare", hidden = true, description = "Rehearse a demo, so that the next one starts faster.")
final class PrepareCommand implements Callable<Integer> {

    @Override
    public Integer call() throws IOException {
        Home home = Home.here();
        Path data = home.directory().resolve("rehearsal");
        Clock clock = Clock.systemUTC();
        DemoOptions options = new DemoOptions(
                Optional.empty(),
                Optional.of(data),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                null,
                null,
                false,
                "folder",
                Home.script());
        try {
            new Demo(options, Distribution.here(), home, clock, System.out, new Progress(clock, System.err))
                    .rehearse(StopSignal.watch());
        } finally {
            Programs.delete(data);
        }
        return 0;
    }
}
