package io.countersign.launcher;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code countersign effects}: what statements would do, for authors of policies and for tests; needs no server. */
@Command(
        name = "effects",
        description = "Read statements on standard input and tell what each would do, as rules see it.",
        footer = {
            "",
            "One JSON object a line:  {\"sql\": \"DELETE FROM orders\"}",
            "One a line comes back:   {\"statements\": [{\"kind\": …, \"effects\": […], \"functions\": […], \"flags\": […]}]}",
            "                     or  {\"error\": \"…\"}"
        })
final class EffectsCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "PROTOCOL", description = "Whose statements: postgres.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it
    private String protocol;

    @Override
    public Integer call() throws IOException {
        if (!protocol.equals("postgres")) {
            throw new ParameterException(
                    spec.commandLine(), "The protocol '" + protocol + "' is not known; known is postgres.");
        }
        return io.countersign.postgres.sql.EffectsCommand.run(System.in, System.out);
    }
}
