package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Credential.BearerToken;
import io.countersign.api.Digest;
import io.countersign.core.ServerTls;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AClientCertificateProvesPossessionTest {

    @TempDir
    private Path folder;

    private GatewayUnderTest gateway;
    private Certificate alices;

    @BeforeEach
    void openTheGateway() throws Exception {
        Certificate own = Certificate.make(folder, "gateway");
        own.write();
        alices = Certificate.make(folder, "alice", "alice");
        alices.write();
        gateway = new GatewayUnderTest(
                ServerTls.load(ServerTls.Mode.OPTIONAL, own.keyStore(), own.password(), PostgresPort.ALPN), 100);
    }

    @AfterEach
    void closeTheGateway() {
        gateway.close();
    }

    private String psql(String settings) throws Exception {
        Process psql = gateway.startPsql(Map.of(), "dbname=shop " + settings, "-Atc", "SELECT 1");
        return new String(psql.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private Optional<Digest> shown() {
        return ((BearerToken) gateway.policy.credentials.remove()).certificate();
    }

    @Test
    void psqlsOwnGoesWithItsToken() throws Exception {
        Digest thumbprint = Digest.of(alices.store().getCertificate("server").getEncoded());
        String mine =
                "sslmode=require sslcert=" + folder.resolve("alice.crt") + " sslkey=" + folder.resolve("alice.key");
        for (String versions : new String[] {"", " ssl_max_protocol_version=TLSv1.2"}) {
            assertThat(psql(mine + versions)).isEqualTo("1\n");
            assertThat(shown()).contains(thumbprint);
        }
    }

    @Test
    void nobodyNeedsOne() throws Exception {
        assertThat(psql("sslmode=require sslcert=none")).isEqualTo("1\n");
        assertThat(shown()).isEmpty();
        assertThat(psql("sslmode=disable")).isEqualTo("1\n");
        assertThat(shown()).isEmpty();
    }

    @Test
    void whoHasTheCertificateWithoutItsKeyDoesNotComeIn() throws Exception {
        KeyStore mallorys = Certificate.make(folder, "mallory", "mallory").store();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                new KeyManager[] {new Pretender(alices.store(), mallorys)},
                InsecureTrustManagerFactory.INSTANCE.getTrustManagers(),
                null);
        try (RawClient client = new RawClient(gateway.number())) {
            client.encrypt(context, PostgresPort.ALPN);
            assertThatThrownBy(client::signIn).isInstanceOf(IOException.class);
        }
        assertThat(gateway.policy.credentials).isEmpty();
    }

    /** Shows one's certificate, and signs with the key of another. */
    private static final class Pretender extends X509ExtendedKeyManager {

        private final KeyStore shown;
        private final KeyStore signing;

        Pretender(KeyStore shown, KeyStore signing) {
            this.shown = shown;
            this.signing = signing;
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return "server";
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            try {
                return new X509Certificate[] {(X509Certificate) shown.getCertificate(alias)};
            } catch (KeyStoreException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            try {
                return (PrivateKey) signing.getKey(alias, "changeit".toCharArray());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {"server"};
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            throw new UnsupportedOperationException("a client only");
        }
    }
}
