package io.countersign.security;

import io.countersign.identity.Attested;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.codelibs.saml2.core.authn.SamlResponse;
import org.codelibs.saml2.core.util.Constants;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * Judges what a SAML provider answers by HTTP-POST (SAML 2.0 Profiles §4.1.4.3): java-saml checks schema, signature,
 * issuer, recipient, times and what was asked for; here is what it leaves open. Without the provider's signature over the
 * assertion, or over the response around it, nothing counts.
 */
final class SamlAnswers {

    /** Characters in base64; an assertion with a hundred groups has some 20,000. */
    static final int LONGEST = 256 * 1024;

    /** What java-saml understands of a restriction, and what restricts no single sign-in (Core §2.5.1). */
    private static final Set<String> CONDITIONS = Set.of("AudienceRestriction", "OneTimeUse", "ProxyRestriction");

    /**
     * What an answer says.
     *
     * @param signedIn when they showed the provider who they are
     * @param until    when a session that stands upon it must end; empty where the provider does not say
     */
    record Answer(Attested person, Instant signedIn, Optional<Instant> until) {}

    private final SamlTerms terms;
    private final SamlAttributes attributes;
    private final UsedAssertions used;
    private final Clock clock;

    SamlAnswers(SamlTerms terms, SamlAttributes attributes, UsedAssertions used, Clock clock) {
        this.terms = terms;
        this.attributes = attributes;
        this.used = used;
        this.clock = clock;
    }

    /**
     * @param answer  in base64, as the browser brought it
     * @param request the id of what was asked; an answer to nothing is refused
     */
    Answer read(String answer, String request) throws SignInRefused {
        String xml = decoded(answer);
        try {
            allowed(SamlXml.parse(xml));
            Response response = new Response(terms, xml);
            allowed(response.document());
            if (!response.isValid(request)) {
                throw new SignInRefused(String.valueOf(response.getError()), response.getValidationException());
            }
            return accepted(response);
        } catch (IOException e) {
            throw new SignInRefused("The answer cannot be read: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            // java-saml throws whatever happens upon what it did not expect.
            throw new SignInRefused("The answer is not understood, or meant for another key: " + e.getMessage(), e);
        }
    }

    private Answer accepted(Response response) throws SignInRefused {
        if (!response.document().getDocumentElement().hasAttribute("Destination")) {
            throw new SignInRefused("The answer does not say where it is meant to go.");
        }
        Element conditions = response.one("/saml:Conditions");
        timely(conditions);
        audience(response, conditions);
        Instant now = clock.instant();
        Instant signedIn = instant(response.one("/saml:AuthnStatement"), "AuthnInstant");
        if (signedIn.isAfter(now.plusSeconds(SamlTerms.CLOCK_SKEW))) {
            throw new SignInRefused("The person signs in only at " + signedIn + ", says the answer.");
        }
        Attested person = attributes.read(response.getAttributes(), response.lastingNameId());
        used.use(response.getAssertionId(), lastUse(response), now);
        return new Answer(
                person,
                signedIn.isBefore(now) ? signedIn : now,
                Optional.ofNullable(response.getSessionNotOnOrAfter()));
    }

    /** Again, by the assertion as it was decrypted: java-saml looks at the one that came. */
    private void timely(Element conditions) throws SignInRefused {
        Instant now = clock.instant();
        if (conditions.hasAttribute("NotOnOrAfter")
                && !now.isBefore(instant(conditions, "NotOnOrAfter").plusSeconds(SamlTerms.CLOCK_SKEW))) {
            throw new SignInRefused("The assertion has expired.");
        }
        if (conditions.hasAttribute("NotBefore")
                && now.isBefore(instant(conditions, "NotBefore").minusSeconds(SamlTerms.CLOCK_SKEW))) {
            throw new SignInRefused("The assertion is not valid yet.");
        }
    }

    /** Core §2.5.1.4: each restriction must name this gateway. Profiles §4.1.4.2: there must be one. */
    private void audience(Response response, Element conditions) throws SignInRefused {
        List<Element> restrictions = SamlXml.elements(conditions.getChildNodes());
        for (Element each : restrictions) {
            if (!CONDITIONS.contains(each.getLocalName())) {
                throw new SignInRefused("The assertion has a condition that is not understood.");
            }
        }
        int meant = 0;
        for (Element each : response.all("/saml:Conditions/saml:AudienceRestriction")) {
            meant++;
            if (SamlXml.elements(each.getChildNodes()).stream()
                    .noneMatch(audience -> audience.getTextContent().strip().equals(terms.getSpEntityId()))) {
                throw new SignInRefused("The assertion is meant for somebody else than " + terms.getSpEntityId() + ".");
            }
        }
        if (meant == 0) {
            throw new SignInRefused("The assertion does not say for whom it is meant.");
        }
    }

    /** java-saml has accepted one of the confirmations; whichever it was, none is later. */
    private static Instant lastUse(Response response) throws SignInRefused {
        Instant last = Instant.MIN;
        for (Element each : response.all("/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData")) {
            if (each.hasAttribute("NotOnOrAfter")) {
                Instant until = instant(each, "NotOnOrAfter");
                last = until.isAfter(last) ? until : last;
            }
        }
        return last.plusSeconds(SamlTerms.CLOCK_SKEW);
    }

    private static Instant instant(Element element, String attribute) throws SignInRefused {
        try {
            return Instant.parse(element.getAttribute(attribute));
        } catch (DateTimeException e) {
            throw new SignInRefused(attribute + " of the assertion is not understood.", e);
        }
    }

    private static void allowed(Document document) throws SignInRefused {
        Optional<String> flaw = SamlXml.flaw(document);
        if (flaw.isPresent()) {
            throw new SignInRefused("The answer is not acceptable: it " + flaw.get() + ".");
        }
    }

    /** Strictly, so that java-saml, which decodes leniently, sees the same characters. */
    private static String decoded(String answer) throws SignInRefused {
        if (answer.length() > LONGEST) {
            throw new SignInRefused("The answer is longer than " + LONGEST + " characters.");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(answer.replaceAll("[\r\n]", ""))))
                    .toString();
        } catch (IllegalArgumentException | IOException e) {
            throw new SignInRefused("The answer is not text in base64.", e);
        }
    }

    /** Looks only into the assertion that is signed, or whose response is. */
    private static final class Response extends SamlResponse {

        Response(SamlTerms terms, String xml) {
            super(
                    terms,
                    terms.getSpAssertionConsumerServiceUrl().toString(),
                    Base64.getEncoder().encodeToString(xml.getBytes(StandardCharsets.UTF_8)));
        }

        /** Decrypted, where it was encrypted. */
        Document document() {
            return getSAMLResponseDocument();
        }

        List<Element> all(String path) {
            return SamlXml.elements(queryAssertion(path));
        }

        Element one(String path) throws SignInRefused {
            List<Element> found = all(path);
            if (found.size() != 1) {
                throw new SignInRefused("The assertion has " + found.size() + " times " + path + ", not once.");
            }
            return found.getFirst();
        }

        /** Core §8.3.8: a transient one would make everybody a new person at each sign-in. */
        Optional<String> lastingNameId() {
            return Constants.NAMEID_TRANSIENT.equals(getNameIdFormat())
                    ? Optional.empty()
                    : Optional.ofNullable(getNameId());
        }
    }
}
