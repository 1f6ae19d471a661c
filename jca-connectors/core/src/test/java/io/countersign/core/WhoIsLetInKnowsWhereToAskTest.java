package io.countersign.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.CommandListener;
import io.countersign.api.Commands;
import io.countersign.api.Connection;
import io.countersign.api.Credential;
import io.countersign.api.Secret;
import io.countersign.api.Session;
import io.countersign.api.SignIn;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A session that was let in must never fail because the container has no endpoint left to say where its commands go. */
class WhoIsLetInKnowsWhereToAskTest {

    private static final Credential CREDENTIAL = new Credential.BearerToken(Secret.of("a-token"), Optional.empty());
    private static final Connection CONNECTION = new Connection("postgres", "shop", "127.0.0.1", true, Map.of());

    private final AtomicInteger made = new AtomicInteger();
    private final Commands commands = (Commands) Proxy.newProxyInstance(
            Commands.class.getClassLoader(), new Class<?>[] {Commands.class}, (proxy, method, arguments) -> null);

    @Test
    void andNeedsNoEndpointForIt() {
        Endpoint endpoint = new Endpoint(factory());
        endpoint.signIn(CREDENTIAL, CONNECTION);
        endpoint.close();

        assertThat(endpoint.commands()).isSameAs(commands);
        assertThat(made).hasValue(1);
    }

    @Test
    void butNobodyElseDoes() {
        assertThatThrownBy(() -> new Endpoint(factory()).commands()).isInstanceOf(IllegalStateException.class);
    }

    private MessageEndpointFactory factory() {
        return (MessageEndpointFactory) Proxy.newProxyInstance(
                MessageEndpointFactory.class.getClassLoader(),
                new Class<?>[] {MessageEndpointFactory.class},
                (proxy, method, arguments) -> {
                    if (made.incrementAndGet() > 1) {
                        throw new UnavailableException("no more");
                    }
                    return new Gate();
                });
    }

    private final class Gate implements MessageEndpoint, CommandListener {

        @Override
        public SignIn signIn(Credential credential, Connection connection) {
            return new SignIn.Refused("a test lets nobody in", "");
        }

        @Override
        public Commands commands() {
            return commands;
        }

        @Override
        public void closed(Session session, String reason) {}

        @Override
        public void beforeDelivery(Method method) {}

        @Override
        public void afterDelivery() {}

        @Override
        public void release() {}
    }
}
