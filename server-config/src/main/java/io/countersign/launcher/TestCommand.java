package io.countersign.launcher;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code countersign test}, which the script does itself in a checkout: here only for the list of commands. */
@Command(name = "test", description = "In a checkout: run all tests (Maven's verify with a fitting JDK).")
final class TestCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MAVEN-ARGS", arity = "0..*", description = "Passed on to Maven.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() {
        throw new Failure(
                "Tests run in a checkout only: './countersign test " + String.join(" ", arguments) + "' there.");
    }
}
