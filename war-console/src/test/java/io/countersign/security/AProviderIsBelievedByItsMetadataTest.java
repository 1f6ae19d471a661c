package io.countersign.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SAML 2.0 Metadata §2.4: whose signatures count, and where people are sent. */
class AProviderIsBelievedByItsMetadataTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private static SamlProviderInATest signing;
    private static SamlProviderInATest encrypting;
    private static SamlProviderInATest weak;

    @BeforeAll
    static void makeKeys(@TempDir Path folder) throws Exception {
        signing = SamlProviderInATest.make(folder, "signing", 2048);
        encrypting = SamlProviderInATest.make(folder, "encrypting", 2048);
        weak = SamlProviderInATest.make(folder, "weak", 1024);
    }

    @Test
    void itsNameItsAddressAndTheKeysThatSign() throws Exception {
        IdentityProvider read = IdentityProvider.parse(metadata(), NOW);

        assertThat(read.entityId()).isEqualTo("https://login.example/");
        assertThat(read.signOn()).isEqualTo(URI.create("https://login.example/redirect"));
        assertThat(read.certificates()).containsExactly(signing.certificate());
    }

    @Test
    void aKeyWithoutAUseSignsToo() throws Exception {
        assertThat(IdentityProvider.parse(metadata().replace(" use=\"encryption\"", ""), NOW)
                        .certificates())
                .containsExactly(encrypting.certificate(), signing.certificate());
    }

    @Test
    void metadataThatIsNotOfOneProviderOrOfNoUseIsRefused() throws Exception {
        refused(metadata().replace("IDPSSODescriptor", "SPSSODescriptor"), "0 times IDPSSODescriptor");
        refused(
                "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">" + metadata() + metadata()
                        + "</md:EntitiesDescriptor>",
                "2 times IDPSSODescriptor");
        refused(metadata().replace("HTTP-Redirect", "SOAP"), "SingleSignOnService by redirect");
        refused(metadata().replace("https://login.example/redirect", "http://login.example/"), "not one of https");
        refused(metadata().replace("use=\"signing\"", "use=\"encryption\""), "0 certificates for signing");
        refused(metadata().replace(base64(signing), base64(weak)), "at least 2048 bits");
        refused(metadata().replace(base64(signing), "AAAA"), "cannot be read");
        refused("<!DOCTYPE r>" + metadata(), "DOCTYPE");
    }

    @Test
    void norIsItBelievedLongerThanItSays() throws Exception {
        String limited = metadata().replace(" entityID", " validUntil=\"2026-11-20T12:00:00Z\" entityID");

        assertThat(IdentityProvider.parse(limited, NOW.minusSeconds(1)).certificates())
                .hasSize(1);
        assertThatThrownBy(() -> IdentityProvider.parse(limited, NOW))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("valid until");
    }

    private static void refused(String metadata, String why) {
        assertThatThrownBy(() -> IdentityProvider.parse(metadata, NOW))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }

    private static String metadata() throws CertificateEncodingException {
        return """
                <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" \
                xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://login.example/">\
                <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">\
                <md:KeyDescriptor use="encryption"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>@ENCRYPTING@\
                </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>\
                <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>@SIGNING@\
                </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>\
                <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" \
                Location="https://login.example/post"/>\
                <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" \
                Location="https://login.example/redirect"/></md:IDPSSODescriptor></md:EntityDescriptor>""".replace("@ENCRYPTING@", base64(encrypting)).replace("@SIGNING@", base64(signing));
    }

    private static String base64(SamlProviderInATest provider) throws CertificateEncodingException {
        return Base64.getEncoder().encodeToString(provider.certificate().getEncoded());
    }
}
