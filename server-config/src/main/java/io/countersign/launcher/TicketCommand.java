package io.countersign.launcher;

import io.countersign.api.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code countersign ticket}: a short password for one target, for clients that a token is too long for. */
@Command(
        name = "ticket",
        description = {
            "Print a ticket: a short password for one target and a short time, in place of a token.",
            "It is made with a token: of --token-file, of the variable COUNTERSIGN_TOKEN, or got by the device flow as"
                    + " countersign login does.",
            "Example: PGPASSWORD=$(countersign ticket shop --api URL --issuer URL --client-id ID) psql ..."
        })
final class TicketCommand implements Callable<Integer> {

    private static final int LONGEST_TOKEN = 64 * 1024;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "TARGET", description = "The target, as the policy names it.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it
    private String target;

    @Option(
            names = "--api",
            paramLabel = "URL",
            required = true,
            description = "The gateway's REST interface, such as https://countersign.example.com/api.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it
    private String api;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            description = "How long it lasts: 90s, 15m, 2h (default: as long as the policy allows).")
    private @Nullable String ttl;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it is on the record.")
    private @Nullable String reason;

    @Option(names = "--token-file", paramLabel = "FILE", description = "A file that holds a token; - for the input.")
    private @Nullable String file;

    @ArgGroup(exclusive = false)
    private @Nullable ProviderOptions provider;

    @Override
    public Integer call() {
        Optional<String> lasts = Optional.ofNullable(ttl).map(GatewayTickets::duration);
        GatewayTickets tickets = new GatewayTickets(new GatewayApi(api));
        spec.commandLine()
                .getOut()
                .println(tickets.issue(Secret.of(token(System.getenv())), target, lasts, Optional.ofNullable(reason)));
        return 0;
    }

    private String token(Map<String, String> environment) {
        String variable = environment.getOrDefault("COUNTERSIGN_TOKEN", "");
        if (file != null) {
            return read(file);
        }
        if (provider != null) {
            return provider.token(spec.commandLine().getErr()::println);
        }
        if (variable.isBlank()) {
            throw new Failure("A ticket is made with a token: name its file by --token-file, put it into the variable"
                    + " COUNTERSIGN_TOKEN, or say by --issuer and --client-id where to get one.");
        }
        return variable.strip();
    }

    private static String read(String file) {
        try (InputStream input = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            byte[] bytes = input.readNBytes(LONGEST_TOKEN + 1);
            if (bytes.length > LONGEST_TOKEN) {
                throw new Failure("What is in " + file + " is longer than " + LONGEST_TOKEN + " bytes: no token is.");
            }
            String text = new String(bytes, StandardCharsets.UTF_8).strip();
            if (text.isEmpty()) {
                throw new Failure("There is no token in " + file + ".");
            }
            return text;
        } catch (IOException e) {
            throw new Failure("The token's file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
