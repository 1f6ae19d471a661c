package io.countersign.launcher;

import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command line: {@code countersign demo}, {@code token}, {@code login}, {@code ticket}, {@code effects},
 * {@code check}, {@code policy}. */
@Command(
        name = "countersign",
        description = "A segregation-of-duties gateway for people and agents.",
        subcommands = {
            DemoCommand.class,
            TokenCommand.class,
            LoginCommand.class,
            TicketCommand.class,
            EffectsCommand.class,
            CheckCommand.class,
            PolicyCommand.class,
            TestCommand.class,
            FuzzCommand.class,
            PrepareCommand.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        versionProvider = Countersign.Version.class)
public final class Countersign {

    /** sysexits(3) has no better one: something went wrong that a person can put right. */
    private static final int FAILED = 1;

    private Countersign() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Countersign()).setExecutionExceptionHandler((failure, command, parsed) -> {
            explain(failure, command.getErr());
            return FAILED;
        });
    }

    /** A sentence for what we foresaw; everything we know for what we did not. */
    private static void explain(Exception failure, PrintWriter err) {
        if (failure instanceof Failure) {
            err.println("countersign: " + failure.getMessage());
        } else {
            err.println("countersign: an error that nobody foresaw; please report it with these lines.");
            failure.printStackTrace(err);
        }
    }

    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = Optional.ofNullable(Countersign.class.getPackage().getImplementationVersion())
                    .orElse("(built by hand)");
            return new String[] {"countersign " + version};
        }
    }
}
