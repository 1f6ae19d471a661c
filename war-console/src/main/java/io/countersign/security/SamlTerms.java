package io.countersign.security;

import java.net.MalformedURLException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.codelibs.saml2.core.settings.Saml2Settings;
import org.codelibs.saml2.core.util.Constants;

/** The two parties to a sign-in by SAML, and how strict this one is (java-saml's settings, fixed where they decide anything). */
final class SamlTerms extends Saml2Settings {

    /** How far the provider's clock may be off, in seconds. */
    static final long CLOCK_SKEW = 60;

    /** Of a gateway that has not met its provider yet, or of its metadata. */
    static SamlTerms of(String entityId, URI answers, Optional<SamlKey> key) {
        return new SamlTerms(entityId, answers, key);
    }

    static SamlTerms of(String entityId, URI answers, Optional<SamlKey> key, IdentityProvider provider) {
        SamlTerms terms = new SamlTerms(entityId, answers, key);
        terms.setIdpEntityId(provider.entityId());
        terms.setIdpx509certMulti(provider.certificates());
        try {
            terms.setIdpSingleSignOnServiceUrl(provider.signOn().toURL());
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
        return terms;
    }

    private SamlTerms(String entityId, URI answers, Optional<SamlKey> key) {
        setStrict(true);
        setSpEntityId(entityId);
        try {
            setSpAssertionConsumerServiceUrl(answers.toURL());
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("countersign.console.url is no address: " + e.getMessage(), e);
        }
        setSpAssertionConsumerServiceBinding(Constants.BINDING_HTTP_POST);
        setUniqueIDPrefix("countersign-");
        key.ifPresent(own -> {
            setSpPrivateKey(own.key());
            setSpX509cert(own.certificate());
        });
        setAuthnRequestsSigned(key.isPresent());
        setWantXMLValidation(true);
        setRejectDeprecatedAlg(true);
        setClockDrift(CLOCK_SKEW);
        // Who it is, may be said by an attribute instead.
        setWantNameId(false);
        // Keycloak repeats the attribute for each value.
        setAllowRepeatAttributeName(true);
        setRequestedAuthnContext(List.of());
    }
}
