package io.countersign.launcher;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code countersign fuzz}, which the script has {@code it/fuzz/run} do in a checkout: here only for the list of commands. */
@Command(
        name = "fuzz",
        description = "In a checkout: give every decoder of untrusted bytes a minute of what a fuzzer makes up.")
final class FuzzCommand implements Callable<Integer> {

    @Option(names = "--seed", paramLabel = "N", description = "Make the same inputs each time.")
    private long seed;

    @Parameters(paramLabel = "SECONDS|HARNESS", arity = "0..*", description = "How long, and which ones only.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() {
        throw new Failure("Decoders are fuzzed in a checkout only: './countersign fuzz"
                + (seed == 0 ? "" : " --seed " + seed)
                + String.join("", arguments.stream().map(each -> " " + each).toList()) + "' there.");
    }
}
