package io.countersign.postgres;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.ServerFirstMessage;
import com.ongres.scram.common.exception.ScramException;
import com.ongres.scram.common.util.TlsServerEndpoint;
import io.countersign.api.Secret;
import io.countersign.postgres.message.SaslInitialResponse;
import io.countersign.postgres.message.SaslResponse;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One SCRAM-SHA-256 exchange (RFC 7677) as its client, bound to the TLS channel (RFC 5929 {@code tls-server-end-point})
 * where the server offers that. No I/O, but key derivation takes milliseconds: not for an event loop.
 */
final class Scram {

    /**
     * PostgreSQL's own default is 4,096 (scram_iterations), and this many take about a second; without a bound a server could
     * ask for hours.
     */
    private static final int MOST_ITERATIONS = 1_000_000;

    private record Challenge(String text, ServerFirstMessage read) {}

    private final List<String> mechanisms;
    private final byte[] binding;
    private final Secret password;

    /** Until the server names its salt, one with the password; then one with what both come to. */
    private ScramClient client;

    private @Nullable Challenge challenge;
    private boolean proven;

    /**
     * @param mechanisms as the server offers them
     * @param binding    what is known of the channel; empty where there is nothing to bind to
     * @throws IllegalArgumentException where no mechanism fits
     */
    Scram(List<String> mechanisms, byte[] binding, Secret password) {
        this.mechanisms = List.copyOf(mechanisms);
        this.binding = binding.clone();
        this.password = password;
        this.client = client(known -> known.password(password.reveal().toCharArray()));
    }

    private ScramClient client(Function<ScramClient.PasswordBuildStage, ScramClient.FinalBuildStage> credential) {
        var builder = credential.apply(
                ScramClient.builder().advertisedMechanisms(mechanisms).username("*"));
        if (binding.length > 0) {
            builder.channelBinding(TlsServerEndpoint.TLS_SERVER_END_POINT, binding);
        }
        return builder.build();
    }

    SaslInitialResponse first() {
        return new SaslInitialResponse(
                client.getScramMechanism().getName(),
                Optional.of(Secret.of(client.clientFirstMessage().toString())));
    }

    /**
     * Takes the server's salt and iterations.
     *
     * @return whether {@link #next} answers at once, because it has answered the same before
     */
    boolean challenged(String serverFirst) throws ScramException {
        ServerFirstMessage first = client.serverFirstMessage(serverFirst);
        if (first.getIterationCount() > MOST_ITERATIONS) {
            throw new ScramException(
                    first.getIterationCount() + " iterations are asked for, allowed are " + MOST_ITERATIONS);
        }
        challenge = new Challenge(serverFirst, first);
        return ScramKeys.known(client.getScramMechanism(), password, first.getSalt(), first.getIterationCount());
    }

    SaslResponse next() throws ScramException {
        Challenge asked = challenge;
        if (asked == null) {
            throw new IllegalStateException("the server has not named its salt yet");
        }
        ServerFirstMessage first = asked.read;
        ScramKeys.Keys keys =
                ScramKeys.of(client.getScramMechanism(), password, first.getSalt(), first.getIterationCount());
        String nonce = first.getClientNonce();
        client = client(
                known -> known.clientAndServerKey(keys.client(), keys.server()).nonceSupplier(() -> nonce));
        client.clientFirstMessage();
        client.serverFirstMessage(asked.text);
        return new SaslResponse(Secret.of(client.clientFinalMessage().toString()));
    }

    /** @throws ScramException where the server does not prove that it knows the password */
    void last(String serverFinal) throws ScramException {
        client.serverFinalMessage(serverFinal);
        proven = true;
    }

    /** Whether the server has proved that it knows the password. */
    boolean proven() {
        return proven;
    }

    /** Whether that proof holds for this channel only. */
    boolean bound() {
        return client.getScramMechanism().isPlus();
    }
}
