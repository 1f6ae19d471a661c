package io.countersign.security;

import static io.countersign.security.SamlProviderInATest.ANSWERS;
import static io.countersign.security.SamlProviderInATest.CONSOLE;
import static io.countersign.security.SamlProviderInATest.ENTITY;
import static io.countersign.security.SamlProviderInATest.REQUEST;
import static io.countersign.security.SamlProviderInATest.answer;
import static io.countersign.security.SamlProviderInATest.assertion;
import static io.countersign.security.SamlProviderInATest.at;
import static io.countersign.security.SamlProviderInATest.attribute;
import static io.countersign.security.SamlProviderInATest.base64;
import static io.countersign.security.SamlProviderInATest.encrypted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.identity.Attested;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.apache.xml.security.encryption.XMLCipher;
import org.codelibs.saml2.core.util.Constants;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SAML 2.0 Profiles §4.1.4.3, and what is known to have gone wrong elsewhere. */
class OnlyWhatTheProviderSignedSignsAnybodyInTest {

    private static final String GROUPS = "groups";

    private static SamlProviderInATest provider;
    private static SamlProviderInATest stranger;
    private static SamlProviderInATest gateway;

    private final UsedAssertions used = new UsedAssertions();

    @BeforeAll
    static void makeKeys(@TempDir Path folder) throws Exception {
        provider = SamlProviderInATest.make(folder, "provider", 2048);
        stranger = SamlProviderInATest.make(folder, "stranger", 2048);
        gateway = SamlProviderInATest.make(folder, "gateway", 2048);
    }

    @Test
    void whoItIsAndInWhichGroups() throws Exception {
        SamlAnswers.Answer read = read(provider.signed(answer(), "assertion"));

        assertThat(read.person())
                .isEqualTo(new Attested(
                        "company", "alice-of-tokens", "alice", Set.of("support", "night-shift"), Optional.empty()));
        assertThat(read.signedIn()).isBefore(Instant.now());
        assertThat(read.until()).isEmpty();
    }

    @Test
    void theResponseMayBeSignedInsteadOfTheAssertion() throws Exception {
        assertThat(read(provider.signed(answer(), "response")).person().subject())
                .isEqualTo("alice-of-tokens");
        assertThat(read(provider.signed(
                                provider.signed(answer().replace("\"assertion\"", "\"another\""), "another"),
                                "response"))
                        .person()
                        .subject())
                .isEqualTo("alice-of-tokens");
    }

    @Test
    void theSessionEndsWhenTheProviderSays() throws Exception {
        String ending = answer().replace(
                        "<saml:AuthnStatement ", "<saml:AuthnStatement SessionNotOnOrAfter=\"2099-01-01T00:00:00Z\" ");

        assertThat(read(provider.signed(ending, "assertion")).until()).contains(Instant.parse("2099-01-01T00:00:00Z"));
    }

    @Test
    void anUnsignedAnswerDoesNotCount() {
        refused(answer(), "No Signature found");
    }

    @Test
    void norOneThatSomebodyElseSigned() throws Exception {
        refused(stranger.signed(answer(), "assertion"), "Signature validation failed");
        refused(stranger.signed(provider.signed(answer(), "assertion"), "response"), "Signature validation failed");
    }

    @ParameterizedTest
    @CsvSource({"alice-of-tokens, bob-of-tokens", "support, approvers"})
    void norOneThatWasChangedAfterwards(String from, String to) throws Exception {
        refused(provider.signed(answer(), "assertion").replace(from, to), "Signature validation failed");
        refused(provider.signed(answer(), "response").replace(from, to), "Signature validation failed");
    }

    /** The signed assertion is there, and valid, but what would be read is another (McIntosh and Austel 2005). */
    @Test
    void norOneThatIsWrappedAroundASignedOne() throws Exception {
        String signed = provider.signed(answer(), "assertion");
        int start = signed.indexOf("<saml:Assertion");
        int end = signed.indexOf("</saml:Assertion>") + "</saml:Assertion>".length();
        String original = signed.substring(start, end);
        String before = signed.substring(0, start);
        String after = signed.substring(end);
        String forged = assertion("forged", "bob-of-tokens");
        String sameId = assertion("assertion", "bob-of-tokens");
        int signatureStart = original.indexOf("<ds:Signature");
        int signatureEnd = original.indexOf("</ds:Signature>");
        String signature = original.substring(signatureStart, signatureEnd);
        String stripped =
                original.substring(0, signatureStart) + original.substring(signatureEnd + "</ds:Signature>".length());

        // Beside it, before and behind.
        refused(before + forged + original + after, "must contain 1 Assertion");
        refused(before + original + forged + after, "must contain 1 Assertion");
        refused(before + sameId + original + after, "must contain 1 Assertion");
        // Around it: within the forged one's statement, as an object of its signature, as an extension of the response.
        refused(
                before + forged.replace("</saml:Assertion>", original + "</saml:Assertion>") + after,
                "must contain 1 Assertion");
        refused(
                before
                        + sameId.replaceFirst(
                                "</saml:Issuer>",
                                "</saml:Issuer>" + signature + "<ds:Object>" + stripped + "</ds:Object></ds:Signature>")
                        + after,
                "must contain 1 Assertion");
        refused(
                before.replaceFirst(
                                "</saml:Issuer>", "</saml:Issuer><samlp:Extensions>" + original + "</samlp:Extensions>")
                        + forged
                        + after,
                "must contain 1 Assertion");
        refused(
                before
                        + sameId.replaceFirst("</saml:Issuer>", "</saml:Issuer>" + signature + "</ds:Signature>")
                        + after,
                "Signature validation failed");
        assertThat(read(signed).person().subject()).isEqualTo("alice-of-tokens");
    }

    @Test
    void aCommentCutsNoNameShort() throws Exception {
        String commented = answer().replace("alice-of-tokens", "alice-of-tokens.not");

        assertThat(read(provider.signed(commented, "assertion").replace("tokens.not", "tokens<!-- -->.not"))
                        .person()
                        .subject())
                .isEqualTo("alice-of-tokens.not");
    }

    @Test
    void brokenAlgorithmsSignNothing() throws Exception {
        refused(provider.signed(answer(), "assertion", Constants.RSA_SHA1, Constants.SHA256), "rsa-sha1");
        refused(provider.signed(answer(), "assertion", Constants.RSA_SHA256, Constants.SHA1), "xmldsig#sha1");
    }

    @Test
    void anAnswerIsForThisGatewayOnly() throws Exception {
        refused(
                provider.signed(answer().replace(CONSOLE, "https://other.example/"), "assertion"),
                "not a valid audience");
        refused(
                provider.signed(
                        answer().replaceAll("<saml:AudienceRestriction>.*</saml:AudienceRestriction>", ""),
                        "assertion"),
                "does not say for whom");
        refused(
                provider.signed(
                        answer().replace(
                                        "</saml:Conditions>",
                                        "<saml:AudienceRestriction><saml:Audience>https://other.example/</saml:Audience>"
                                                + "</saml:AudienceRestriction></saml:Conditions>"),
                        "assertion"),
                "somebody else");
        refused(
                provider.signed(
                        answer().replace("Recipient=\"" + ANSWERS, "Recipient=\"https://other.example/"), "assertion"),
                "Recipient");
        refused(
                provider.signed(
                        answer().replace("Destination=\"" + ANSWERS, "Destination=\"https://other.example/"),
                        "assertion"),
                "was received at");
        refused(
                provider.signed(answer().replace("Destination=\"" + ANSWERS + "\" ", ""), "assertion"),
                "where it is meant to go");
    }

    @Test
    void andFromThisProviderOnly() throws Exception {
        refused(provider.signed(answer().replace(ENTITY, "https://other.example/"), "assertion"), "Invalid issuer");
    }

    @Test
    void andToWhatWasAskedOnly() throws Exception {
        refused(provider.signed(answer().replace(REQUEST, "countersign-another"), "assertion"), "InResponseTo");
        // The provider began by itself.
        refused(provider.signed(answer().replaceAll(" ?InResponseTo=\"[^\"]*\"", ""), "assertion"), "InResponseTo");
        // Only the part that is signed says for what it was meant.
        refused(
                provider.signed(answer().replace("InResponseTo=\"" + REQUEST + "\"/>", "/>"), "assertion"),
                "InResponseTo");
    }

    @Test
    void andForAMomentOnly() throws Exception {
        refused(provider.signed(answer().replace(at(300), at(-61)), "assertion"), "expired");
        refused(
                provider.signed(
                        answer().replaceFirst("(SubjectConfirmationData NotOnOrAfter=\")[^\"]*", "$1" + at(-61)),
                        "assertion"),
                "no longer valid");
        refused(
                provider.signed(answer().replaceFirst("(Conditions NotBefore=\")[^\"]*", "$1" + at(120)), "assertion"),
                "not yet valid");
        refused(
                provider.signed(answer().replaceFirst("(AuthnInstant=\")[^\"]*", "$1" + at(120)), "assertion"),
                "signs in only at");
    }

    @Test
    void andOnce() throws Exception {
        String signed = provider.signed(answer(), "assertion");

        read(signed);
        refused(signed, "used before");
    }

    @Test
    void orNotAtAllWhereNobodyCanTell() throws Exception {
        UsedAssertions full = new UsedAssertions(1);
        Instant now = Instant.now();
        full.use("one", now.plusSeconds(10), now);

        assertThatThrownBy(() -> full.use("two", now.plusSeconds(10), now)).hasMessageContaining("Too many");
        full.use("two", now.plusSeconds(60), now.plusSeconds(11));
    }

    @Test
    void aRefusalOfTheProviderIsOne() throws Exception {
        refused(
                provider.signed(answer().replace("status:Success", "status:Responder"), "response"),
                "status code of the Response was not Success");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE r [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><r>&e;</r>",
                "<!DOCTYPE r SYSTEM \"http://127.0.0.1:9/r.dtd\"><r/>",
                "<!DOCTYPE r [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><r>&b;</r>",
                "<r>",
                "r"
            })
    void whatIsMoreThanADocumentIsNotRead(String xml) {
        refused(xml, "The answer cannot be read");
    }

    @Test
    void aDoctypeBesideATrueAnswerIsNotReadEither() throws Exception {
        refused("<!DOCTYPE r>" + provider.signed(answer(), "assertion"), "DOCTYPE");
    }

    @Test
    void norWhatIsVeryDeepOrVeryLongOrNoText() {
        refused("<r>".repeat(100) + "</r>".repeat(100), "The answer cannot be read");
        assertThatThrownBy(() ->
                        answers(Optional.empty(), byAttribute()).read("A".repeat(SamlAnswers.LONGEST + 4), REQUEST))
                .isInstanceOf(SignInRefused.class)
                .hasMessageContaining("longer than");
        for (String answer : new String[] {"not base64!", "/w==", "A"}) {
            assertThatThrownBy(() -> answers(Optional.empty(), byAttribute()).read(answer, REQUEST))
                    .isInstanceOf(SignInRefused.class)
                    .hasMessageContaining("not text in base64");
        }
    }

    @Test
    void nothingOutsideOfTheAnswerIsFetched() throws Exception {
        refused(
                provider.signed(answer(), "assertion").replace("URI=\"#assertion\"", "URI=\"http://127.0.0.1:9/\""),
                "outside of it");
    }

    @Test
    void anEncryptedAssertionIsOpenedByTheGatewaysKey() throws Exception {
        String answer = encrypted(provider.signed(answer(), "assertion"), gateway.certificate(), XMLCipher.AES_128_GCM);

        assertThat(answers(Optional.of(key()), byAttribute())
                        .read(base64(answer), REQUEST)
                        .person()
                        .subject())
                .isEqualTo("alice-of-tokens");
        refused(answer, "No private key");
    }

    @Test
    void andJudgedLikeAnyOther() throws Exception {
        String expired = answer().replaceFirst("(Conditions [^>]*NotOnOrAfter=\")[^\"]*", "$1" + at(-61));
        refusedWithKey(
                encrypted(provider.signed(expired, "assertion"), gateway.certificate(), XMLCipher.AES_128_GCM),
                "expired");
        refusedWithKey(encrypted(answer(), gateway.certificate(), XMLCipher.AES_128_GCM), "No Signature found");
        refusedWithKey(
                encrypted(stranger.signed(answer(), "assertion"), gateway.certificate(), XMLCipher.AES_128_GCM),
                "Signature validation failed");
        refusedWithKey(
                encrypted(
                        provider.signed(answer(), "assertion", Constants.RSA_SHA1, Constants.SHA1),
                        gateway.certificate(),
                        XMLCipher.AES_128_GCM),
                "sha1");
        refusedWithKey(
                encrypted(provider.signed(answer(), "assertion"), stranger.certificate(), XMLCipher.AES_128_GCM),
                "another key");
    }

    @Test
    void butNotWhereTheCipherCanBeOpenedByAsking() throws Exception {
        refusedWithKey(
                encrypted(provider.signed(answer(), "assertion"), gateway.certificate(), XMLCipher.AES_128),
                "aes128-cbc");
    }

    @Test
    void whoItIsMayBeTheNameIdIfItLasts() throws Exception {
        SamlAttributes byNameId =
                new SamlAttributes("company", SamlAttributes.NAME_ID, "name", GROUPS, Optional.of("email"));
        Attested person = answers(Optional.empty(), byNameId)
                .read(base64(provider.signed(answer(), "assertion")), REQUEST)
                .person();

        assertThat(person.subject()).isEqualTo("alice-of-saml");
        assertThat(person.email()).contains("Alice@Example.com");
        String passing =
                provider.signed(answer().replace("nameid-format:persistent", "nameid-format:transient"), "response");
        assertThatThrownBy(() -> answers(Optional.empty(), byNameId)
                        .read(base64(passing.replace("\"assertion\"", "\"other\"")), REQUEST))
                .isInstanceOf(SignInRefused.class);
        assertThatThrownBy(() -> new SamlAnswers(
                                terms(Optional.empty()), byNameId, new UsedAssertions(), Clock.systemUTC())
                        .read(base64(passing), REQUEST))
                .hasMessageContaining("differs each time");
    }

    @Test
    void andNobodyWhereItIsSaidTwiceOrNotAtAll() throws Exception {
        String sub = attribute("sub", "alice-of-tokens");
        refused(provider.signed(answer().replace(sub, sub + attribute("sub", "bob")), "assertion"), "2 values of sub");
        refused(provider.signed(answer().replace(sub, ""), "assertion"), "no attribute sub");
    }

    private void refused(String answer, String why) {
        refused(Optional.empty(), answer, why);
    }

    private void refusedWithKey(String answer, String why) {
        refused(Optional.of(key()), answer, why);
    }

    private void refused(Optional<SamlKey> key, String answer, String why) {
        assertThatThrownBy(() -> answers(key, byAttribute()).read(base64(answer), REQUEST))
                .isInstanceOf(SignInRefused.class)
                .hasMessageContaining(why);
    }

    private SamlAnswers.Answer read(String answer) throws SignInRefused {
        return answers(Optional.empty(), byAttribute()).read(base64(answer), REQUEST);
    }

    private SamlAnswers answers(Optional<SamlKey> key, SamlAttributes attributes) {
        return new SamlAnswers(terms(key), attributes, used, Clock.systemUTC());
    }

    private static SamlTerms terms(Optional<SamlKey> key) {
        return SamlTerms.of(CONSOLE, ANSWERS, key, provider.known());
    }

    private static SamlAttributes byAttribute() {
        return new SamlAttributes("company", "sub", "name", GROUPS, Optional.empty());
    }

    private static SamlKey key() {
        return new SamlKey(gateway.key(), gateway.certificate());
    }
}
