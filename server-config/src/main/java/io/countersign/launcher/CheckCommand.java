package io.countersign.launcher;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code countersign check}: what the gateway would say of a policy folder, without a gateway. */
@Command(
        name = "check",
        description = "Check a policy folder as the gateway would load it. Problems name file, line and column.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:the folder would load", "1:it would not"})
final class CheckCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FOLDER", description = "The policy folder.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it
    private String folder;

    @Option(
            names = "--accounts",
            paramLabel = "FILE",
            description =
                    "Warn of what these people make impossible: duties nobody carries, holds nobody could approve.")
    private @Nullable String accounts;

    @Override
    public Integer call() {
        return io.countersign.policy.CheckCommand.run(folder, Optional.ofNullable(accounts), System.out, System.err);
    }
}
