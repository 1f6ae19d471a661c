package io.countersign.gateway.boundary;

import io.countersign.api.CommandListener;
import io.countersign.api.Commands;
import io.countersign.api.Connection;
import io.countersign.api.Credential;
import io.countersign.api.Session;
import io.countersign.api.SignIn;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;

/**
 * Where sessions come in from the PostgreSQL connector (Jakarta Connectors 2.1, chapter 13), and are told where their commands
 * go. Keeps nothing and decides nothing itself; runs without a transaction, because what it hands over is committed with many
 * others.
 */
@MessageDriven(
        messageListenerInterface = CommandListener.class,
        activationConfig = {
            @ActivationConfigProperty(propertyName = "resourceAdapter", propertyValue = "countersign#postgres"),
            @ActivationConfigProperty(
                    propertyName = "host",
                    propertyValue = "${MPCONFIG=countersign.postgres.host:127.0.0.1}"),
            @ActivationConfigProperty(
                    propertyName = "port",
                    propertyValue = "${MPCONFIG=countersign.postgres.port:5432}"),
            @ActivationConfigProperty(
                    propertyName = "tls",
                    propertyValue = "${MPCONFIG=countersign.postgres.tls:required}"),
            @ActivationConfigProperty(
                    propertyName = "keyStore",
                    propertyValue = "${MPCONFIG=countersign.postgres.keystore:}"),
            @ActivationConfigProperty(
                    propertyName = "keyStorePassword",
                    propertyValue = "${MPCONFIG=countersign.postgres.keystore.password:}"),
            @ActivationConfigProperty(
                    propertyName = "signIn",
                    propertyValue = "${MPCONFIG=countersign.postgres.sign-in:password}"),
            @ActivationConfigProperty(
                    propertyName = "oauthIssuer",
                    propertyValue = "${MPCONFIG=countersign.postgres.oauth.issuer:}"),
            @ActivationConfigProperty(
                    propertyName = "oauthScope",
                    propertyValue = "${MPCONFIG=countersign.postgres.oauth.scope:openid}"),
            @ActivationConfigProperty(
                    propertyName = "connections",
                    propertyValue = "${MPCONFIG=countersign.postgres.connections:2000}")
        })
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class CommandGate implements CommandListener {

    @Inject
    private Admissions admissions;

    @Inject
    private BeanManager beans;

    @Inject
    private Departures departures;

    @Override
    public SignIn signIn(Credential credential, Connection connection) {
        return admissions.signIn(credential, connection);
    }

    @Override
    public Commands commands() {
        return gatekeeper();
    }

    @Override
    public void closed(Session session, String reason) {
        admissions.left(session);
        gatekeeper().left(session);
        departures.closed(session, reason);
    }

    private Gatekeeper gatekeeper() {
        return ContextualInstance.of(beans, Gatekeeper.class);
    }
}
