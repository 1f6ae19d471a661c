package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.spi.InvalidPropertyException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AListenersSettingsAreCheckedTest {

    @TempDir
    private Path folder;

    private PostgresActivation activation(String tls, String signIn, String issuer, String scope) throws Exception {
        PostgresActivation activation = new PostgresActivation();
        activation.setTls(tls);
        activation.setKeyStore(
                Files.writeString(folder.resolve("store"), "of keys").toString());
        activation.setSignIn(signIn);
        activation.setOauthIssuer(issuer);
        activation.setOauthScope(scope);
        return activation;
    }

    @ParameterizedTest
    @CsvSource({
        "required, kerberos,    https://i,             openid, '''kerberos'' is not one of password, oauthbearer'",
        "required, oauthbearer, '',                    openid, needs the issuer that clients are sent to",
        "required, oauthbearer, http://issuer.invalid, openid, must be an https address",
        "required, oauthbearer, ftp://127.0.0.1,       openid, must be an https address",
        "required, password,    'https://a b',         openid, Illegal character",
        "required, password,    https://i,             'a  b', must be words with one blank between them",
        "required, password,    https://i,             '',     must be words with one blank between them",
        "off,      oauthbearer, https://i,             openid, 'oauthbearer, which needs TLS'"
    })
    void whatCannotWorkIsToldAtOnce(String tls, String signIn, String issuer, String scope, String problem)
            throws Exception {
        PostgresActivation activation = activation(tls, signIn, issuer, scope);
        assertThatThrownBy(activation::validate)
                .isInstanceOf(InvalidPropertyException.class)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "https://i,                             https://i/.well-known/openid-configuration",
        "https://i/realm/,                      https://i/realm/.well-known/openid-configuration",
        "http://127.0.0.1:8080/r,               http://127.0.0.1:8080/r/.well-known/openid-configuration",
        "https://i/.well-known/oauth-authorization-server, https://i/.well-known/oauth-authorization-server"
    })
    void anIssuersMetadataIsWhereTheStandardSaysUnlessToldOtherwise(String issuer, String configuration)
            throws Exception {
        PostgresActivation activation = activation("optional", "oauthbearer", issuer, "openid a:b");
        activation.validate();
        assertThat(activation.clientSignIn().issuer().orElseThrow().configuration())
                .isEqualTo(configuration);
    }

    @Test
    void aPasswordIsAskedForWhereNothingIsSaid() throws Exception {
        PostgresActivation activation = new PostgresActivation();
        activation.validate();
        assertThat(activation.clientSignIn()).isEqualTo(ClientSignIn.BY_PASSWORD);
    }
}
