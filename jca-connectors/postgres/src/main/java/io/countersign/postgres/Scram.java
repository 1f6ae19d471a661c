package io.countersign.postgres;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import com.ongres.scram.common.util.TlsServerEndpoint;
import io.countersign.api.Secret;
import io.countersign.postgres.message.SaslInitialResponse;
import io.countersign.postgres.message.SaslResponse;
import java.util.List;
import java.util.Optional;

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

    private final ScramClient client;
    private boolean proven;

    /**
     * @param mechanisms as the server offers them
     * @param binding    what is known of the channel; empty where there is nothing to bind to
     * @throws IllegalArgumentException where no mechanism fits
     */
    Scram(List<String> mechanisms, byte[] binding, Secret password) {
        var builder = ScramClient.builder()
                .advertisedMechanisms(mechanisms)
                .username("*")
                .password(password.reveal().toCharArray());
        if (binding.length > 0) {
            builder.channelBinding(TlsServerEndpoint.TLS_SERVER_END_POINT, binding);
        }
        this.client = builder.build();
    }

    SaslInitialResponse first() {
        return new SaslInitialResponse(
                client.getScramMechanism().getName(),
                Optional.of(Secret.of(client.clientFirstMessage().toString())));
    }

    SaslResponse next(String serverFirst) throws ScramException {
        int iterations = client.serverFirstMessage(serverFirst).getIterationCount();
        if (iterations > MOST_ITERATIONS) {
            throw new ScramException(iterations + " iterations are asked for, allowed are " + MOST_ITERATIONS);
        }
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
