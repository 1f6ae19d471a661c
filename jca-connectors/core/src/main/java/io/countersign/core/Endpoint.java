package io.countersign.core;

import io.countersign.api.CommandListener;
import io.countersign.api.Commands;
import io.countersign.api.Connection;
import io.countersign.api.Credential;
import io.countersign.api.Session;
import io.countersign.api.SignIn;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way into the container (Jakarta Connectors 2.1, chapter 13): the only place that creates, calls and releases
 * message endpoints.
 *
 * <p>Endpoints are kept and used again, one caller at a time, because the container hands out no more than the bean's
 * pool has (MaxPoolSize, 32 by default) and fails at once beyond that. The bean's methods run without a transaction of
 * their own, so delivery needs no {@code beforeDelivery}/{@code afterDelivery} pair (§13.5.6, option A).
 */
public final class Endpoint implements CommandListener, AutoCloseable {

    /** Payara's default MaxPoolSize. */
    static final int MOST = 32;

    /** Sign-ins may block on an issuer; the rest of the pool stays free for those who leave. */
    private static final int SIGNING_IN = 8;

    private final MessageEndpointFactory factory;
    private final ConcurrentLinkedQueue<MessageEndpoint> idle = new ConcurrentLinkedQueue<>();
    private final Semaphore creatable = new Semaphore(MOST);
    private final Semaphore signingIn = new Semaphore(SIGNING_IN, true);
    private volatile @Nullable Commands commands;
    private volatile boolean closed;

    public Endpoint(MessageEndpointFactory factory) {
        this.factory = factory;
    }

    @Override
    public SignIn signIn(Credential credential, Connection connection) {
        signingIn.acquireUninterruptibly();
        try {
            return call(listener -> {
                commands = listener.commands();
                return listener.signIn(credential, connection);
            });
        } finally {
            signingIn.release();
        }
    }

    /**
     * As the bean handed it out before it let anybody in: with a session there, asking for it cannot fail.
     *
     * @throws IllegalStateException where nobody has signed in yet
     */
    @Override
    public Commands commands() {
        Commands known = commands;
        if (known == null) {
            throw new IllegalStateException("nobody has signed in yet");
        }
        return known;
    }

    @Override
    public void closed(Session session, String reason) {
        this.<Boolean>call(listener -> {
            listener.closed(session, reason);
            return true;
        });
    }

    @Override
    public void close() {
        closed = true;
        MessageEndpoint endpoint;
        while ((endpoint = idle.poll()) != null) {
            endpoint.release();
        }
    }

    private <T> T call(Function<CommandListener, T> message) {
        MessageEndpoint endpoint = borrow();
        boolean sound = false;
        try {
            T answer = message.apply((CommandListener) endpoint);
            sound = true;
            return answer;
        } finally {
            giveBack(endpoint, sound);
        }
    }

    private MessageEndpoint borrow() {
        MessageEndpoint kept = idle.poll();
        if (kept != null) {
            return kept;
        }
        if (closed || !creatable.tryAcquire()) {
            throw new IllegalStateException(
                    closed ? "the application is stopping" : "all " + MOST + " message endpoints are busy");
        }
        try {
            return factory.createEndpoint(null);
        } catch (UnavailableException e) {
            creatable.release();
            throw new IllegalStateException("the container has no message endpoint to give: " + e.getMessage(), e);
        }
    }

    /** A bean that threw may have been discarded by the container: its endpoint is not used again. */
    private void giveBack(MessageEndpoint endpoint, boolean sound) {
        if (sound && !closed) {
            idle.add(endpoint);
        } else {
            endpoint.release();
            creatable.release();
        }
    }
}
