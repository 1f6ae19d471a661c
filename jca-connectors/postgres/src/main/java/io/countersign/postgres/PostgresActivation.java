package io.countersign.postgres;

import io.countersign.api.CommandListener;
import io.countersign.api.Secret;
import io.countersign.core.ServerTls;
import jakarta.resource.spi.Activation;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapter;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where this connector listens, and how it protects the client's side. */
@Activation(messageListeners = CommandListener.class)
public final class PostgresActivation implements ActivationSpec, Serializable {

    private static final long serialVersionUID = 1L;

    private static final int MOST_CONNECTIONS = 100_000;

    private transient @Nullable ResourceAdapter adapter;
    private String host = "127.0.0.1";
    private int port = 5432;
    private String tls = "off";
    private String keyStore = "";
    private transient Secret keyStorePassword = Secret.of("");
    private String signIn = "password";
    private String oauthIssuer = "";
    private String oauthScope = "openid";
    private int connections = 500;

    /** The address to listen on; loopback unless set. */
    public void setHost(String host) {
        this.host = host.strip();
    }

    public String getHost() {
        return host;
    }

    /** 1 to 65535. */
    public void setPort(int port) {
        this.port = port;
    }

    public int getPort() {
        return port;
    }

    /** {@code required}, {@code optional} or {@code off}. */
    public void setTls(String tls) {
        this.tls = tls.strip();
    }

    public String getTls() {
        return tls;
    }

    /** A PKCS #12 or JKS file with the certificate to show; needed unless TLS is off. */
    public void setKeyStore(String keyStore) {
        this.keyStore = keyStore.strip();
    }

    public String getKeyStore() {
        return keyStore;
    }

    /** Never read back. */
    public void setKeyStorePassword(String keyStorePassword) {
        this.keyStorePassword = Secret.of(keyStorePassword);
    }

    /** How clients that do not say otherwise are asked for their token: {@code password} or {@code oauthbearer}. */
    public void setSignIn(String signIn) {
        this.signIn = signIn.strip();
    }

    public String getSignIn() {
        return signIn;
    }

    /** Where clients get a token; without one nobody signs in by OAUTHBEARER, which needs TLS besides. */
    public void setOauthIssuer(String oauthIssuer) {
        this.oauthIssuer = oauthIssuer.strip();
    }

    public String getOauthIssuer() {
        return oauthIssuer;
    }

    /** What clients ask that issuer for: words with one blank between them. */
    public void setOauthScope(String oauthScope) {
        this.oauthScope = oauthScope.strip();
    }

    public String getOauthScope() {
        return oauthScope;
    }

    /** Connections at the same time, signed in or not. */
    public void setConnections(int connections) {
        this.connections = connections;
    }

    public int getConnections() {
        return connections;
    }

    @Override
    public void validate() throws InvalidPropertyException {
        if (host.isEmpty()) {
            throw new InvalidPropertyException("host is empty; allowed is an address of this machine");
        }
        if (port < 1 || port > 65535) {
            throw new InvalidPropertyException("port is " + port + ", allowed are 1 to 65535");
        }
        if (connections < 1 || connections > MOST_CONNECTIONS) {
            throw new InvalidPropertyException(
                    "connections is " + connections + ", allowed are 1 to " + MOST_CONNECTIONS);
        }
        try {
            ServerTls.Mode mode = ServerTls.Mode.parse(tls);
            if (mode != ServerTls.Mode.OFF && !Files.isReadable(Path.of(keyStore))) {
                throw new InvalidPropertyException(
                        "keyStore is '" + keyStore + "', which cannot be read; tls=" + tls + " needs one");
            }
            if (clientSignIn().usual() == ClientSignIn.Way.OAUTHBEARER && mode == ServerTls.Mode.OFF) {
                throw new InvalidPropertyException("signIn is oauthbearer, which needs TLS, and tls is off");
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidPropertyException(e.getMessage());
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }

    ServerTls serverTls() throws GeneralSecurityException, IOException {
        ServerTls.Mode mode = ServerTls.Mode.parse(tls);
        return mode == ServerTls.Mode.OFF
                ? ServerTls.off()
                : ServerTls.load(mode, Path.of(keyStore), keyStorePassword, PostgresPort.ALPN);
    }

    /** @throws IllegalArgumentException naming what is allowed */
    ClientSignIn clientSignIn() {
        return new ClientSignIn(
                ClientSignIn.Way.parse(signIn),
                oauthIssuer.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new ClientSignIn.Issuer(URI.create(oauthIssuer), oauthScope)));
    }

    @Override
    public @Nullable ResourceAdapter getResourceAdapter() {
        return adapter;
    }

    @Override
    public void setResourceAdapter(ResourceAdapter owner) {
        adapter = owner;
    }
}
