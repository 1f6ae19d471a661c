package io.countersign.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.codelibs.saml2.core.util.Constants;
import org.codelibs.saml2.core.util.Util;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * A SAML provider as its metadata describes it (SAML 2.0 Metadata §2.4.3).
 *
 * @param entityId     its name for itself
 * @param signOn       where browsers go to sign in, by redirect
 * @param certificates whose keys sign what it says; what else they say is not looked at, expiry included (Metadata IOP §2.6.1)
 */
record IdentityProvider(String entityId, URI signOn, List<X509Certificate> certificates) {

    private static final int MOST_CERTIFICATES = 10;

    /** Bits; NIST SP 800-131A forbids less. */
    private static final int SHORTEST_KEY = 2048;

    IdentityProvider {
        certificates = List.copyOf(certificates);
    }

    /** @throws IOException if it does not describe exactly one provider, or describes it for a time that is over */
    static IdentityProvider parse(String metadata, Instant now) throws IOException {
        Document document = SamlXml.parse(metadata);
        Element provider = one(
                SamlXml.elements(Util.query(document, "//md:EntityDescriptor/md:IDPSSODescriptor")),
                "IDPSSODescriptor");
        for (Node each = provider; each instanceof Element element; each = each.getParentNode()) {
            valid(element, now);
        }
        Element signOn = one(
                SamlXml.elements(Util.query(
                        document,
                        "./md:SingleSignOnService[@Binding='" + Constants.BINDING_HTTP_REDIRECT + "']",
                        provider)),
                "SingleSignOnService by redirect");
        return new IdentityProvider(
                ((Element) provider.getParentNode()).getAttribute("entityID"),
                address(signOn.getAttribute("Location")),
                certificates(document, provider));
    }

    /** A key without a use serves both (Metadata §2.4.1.1); one for encryption vouches for nothing. */
    private static List<X509Certificate> certificates(Document document, Element provider) throws IOException {
        List<Element> described = SamlXml.elements(Util.query(
                document,
                "./md:KeyDescriptor[not(@use) or @use='signing']/ds:KeyInfo/ds:X509Data/ds:X509Certificate",
                provider));
        if (described.isEmpty() || described.size() > MOST_CERTIFICATES) {
            throw new IOException("The provider's metadata has " + described.size()
                    + " certificates for signing; between 1 and " + MOST_CERTIFICATES + " are understood.");
        }
        List<X509Certificate> certificates = new ArrayList<>();
        for (Element each : described) {
            certificates.add(certificate(each.getTextContent()));
        }
        return certificates;
    }

    private static X509Certificate certificate(String base64) throws IOException {
        try {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(Base64.getDecoder().decode(base64.replaceAll("\\s", ""))));
            if (certificate.getPublicKey() instanceof RSAPublicKey key
                    && key.getModulus().bitLength() >= SHORTEST_KEY) {
                return certificate;
            }
            throw new IOException("The provider's key is not one of RSA with at least " + SHORTEST_KEY + " bits.");
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IOException("A certificate in the provider's metadata cannot be read.", e);
        }
    }

    private static void valid(Element element, Instant now) throws IOException {
        String until = element.getAttribute("validUntil");
        try {
            if (!until.isEmpty() && !now.isBefore(Instant.parse(until))) {
                throw new IOException("The provider's metadata was valid until " + until + " only.");
            }
        } catch (DateTimeParseException e) {
            throw new IOException("Until when the provider's metadata is valid is not understood.", e);
        }
    }

    private static URI address(String location) throws IOException {
        try {
            return SafeAddress.of(new URI(location));
        } catch (URISyntaxException e) {
            throw new IOException("Where the provider's metadata sends people is no address.", e);
        }
    }

    private static Element one(List<Element> found, String what) throws IOException {
        if (found.size() != 1) {
            throw new IOException("The provider's metadata has " + found.size() + " times " + what + ", not once.");
        }
        return found.getFirst();
    }
}
