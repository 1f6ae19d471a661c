package io.countersign.security;

import com.nimbusds.jose.util.DefaultResourceRetriever;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.codelibs.saml2.core.authn.AuthnRequest;
import org.codelibs.saml2.core.authn.AuthnRequestParams;
import org.codelibs.saml2.core.settings.Metadata;
import org.codelibs.saml2.core.util.Constants;
import org.jspecify.annotations.Nullable;

/**
 * The SAML provider as a service provider sees it (SAML 2.0 Profiles §4.1, web browser sign-on): where to send a browser,
 * what the answer says that it brings back, and how this gateway describes itself.
 */
@ApplicationScoped
class SamlProvider {

    private static final int FETCH_MILLIS = 3_000;

    /** Of metadata, in bytes. */
    private static final int LARGEST = 1 << 20;

    /** A key that the provider withdraws must not live on in what is remembered; nor is anything read for each stranger. */
    private static final Duration REMEMBERED = Duration.ofMinutes(5);

    /**
     * @param key   of this gateway, if it has one
     * @param until when the provider's metadata must be read anew
     */
    private record Known(SamlTerms terms, Optional<SamlKey> key, Instant until) {}

    /** @param until when it must be written anew */
    private record Own(String metadata, Instant until) {}

    /**
     * What to ask.
     *
     * @param id    what an answer to it must name
     * @param there where the browser goes with it
     */
    record Request(String id, URI there) {}

    private final Clock clock = Clock.systemUTC();
    private final UsedAssertions used = new UsedAssertions();

    @Inject
    private SamlSettings settings;

    private volatile @Nullable Known known;
    private volatile @Nullable Own own;

    /**
     * By redirect (SAML 2.0 Bindings §3.4), signed where this gateway has a key.
     *
     * @param state  comes back with the answer
     * @param afresh whether people are asked who they are however lately they showed it
     */
    Request request(String state, boolean afresh) throws IOException {
        Known provider = known();
        AuthnRequest request = new AuthnRequest(provider.terms(), new AuthnRequestParams(afresh, false, false));
        String query = "SAMLRequest=" + encoded(request.getEncodedAuthnRequest(true)) + "&RelayState=" + encoded(state);
        if (provider.key().isPresent()) {
            query += "&SigAlg=" + encoded(Constants.RSA_SHA256);
            query += "&Signature=" + encoded(signed(query, provider.key().get()));
        }
        String there = provider.terms().getIdpSingleSignOnServiceUrl().toString();
        return new Request(request.getId(), URI.create(there + (there.contains("?") ? "&" : "?") + query));
    }

    /** What the browser brought back from the provider, judged. */
    SamlAnswers.Answer read(String answer, String request) throws IOException, SignInRefused {
        return new SamlAnswers(known().terms(), settings.attributes(), used, clock).read(answer, request);
    }

    /** This gateway's own metadata (SAML 2.0 Metadata §2.4.4); needs nothing of the provider. */
    String metadata() throws IOException {
        Own last = own;
        if (last == null || !clock.instant().isBefore(last.until())) {
            Optional<SamlKey> key = settings.key();
            SamlTerms terms = SamlTerms.of(settings.entityId(), settings.answers(), key);
            // Only so does java-saml tell the provider by which key to encrypt; encrypted or not, both are accepted.
            terms.setWantAssertionsEncrypted(key.isPresent());
            terms.setWantAssertionsSigned(true);
            last = new Own(
                    new Metadata(terms, null, null).getMetadataString(),
                    clock.instant().plus(REMEMBERED));
            own = last;
        }
        return last.metadata();
    }

    private static String signed(String query, SamlKey key) throws IOException {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key.key());
            signature.update(query.getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IOException("The gateway's key cannot sign.", e);
        }
    }

    private Known known() throws IOException {
        Known last = known;
        if (last == null || !clock.instant().isBefore(last.until())) {
            Optional<SamlKey> key = settings.key();
            IdentityProvider provider = IdentityProvider.parse(described(settings.metadata()), clock.instant());
            last = new Known(
                    SamlTerms.of(settings.entityId(), settings.answers(), key, provider),
                    key,
                    clock.instant().plus(REMEMBERED));
            known = last;
        }
        return last;
    }

    private static String described(String where) throws IOException {
        if (where.startsWith("https:") || where.startsWith("http:")) {
            try {
                return new DefaultResourceRetriever(FETCH_MILLIS, FETCH_MILLIS, LARGEST)
                        .retrieveResource(SafeAddress.of(new URI(where)).toURL())
                        .getContent();
            } catch (URISyntaxException e) {
                throw new IOException("countersign.saml.metadata is no address: " + e.getMessage(), e);
            }
        }
        Path file = Path.of(where);
        if (Files.size(file) > LARGEST) {
            throw new IOException("The provider's metadata in " + file + " has more than " + LARGEST + " bytes.");
        }
        return Files.readString(file);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
