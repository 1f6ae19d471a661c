package io.countersign.security;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import javax.crypto.KeyGenerator;
import org.apache.xml.security.encryption.EncryptedData;
import org.apache.xml.security.encryption.EncryptedKey;
import org.apache.xml.security.encryption.XMLCipher;
import org.apache.xml.security.keys.KeyInfo;
import org.apache.xml.security.signature.XMLSignature;
import org.apache.xml.security.transforms.Transforms;
import org.codelibs.saml2.core.util.Constants;
import org.codelibs.saml2.core.util.Util;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** A SAML provider with a key of its own, and what it answers: true unless a test changes a word of it. */
record SamlProviderInATest(PrivateKey key, X509Certificate certificate) {

    static final String ENTITY = "https://login.example/realms/engineering";
    static final String CONSOLE = "https://countersign.example/saml-metadata";
    static final URI ANSWERS = URI.create("https://countersign.example/signed-in");
    static final String REQUEST = "countersign-4711";

    /** Made by the JDK's own tool. */
    static SamlProviderInATest make(Path folder, String name, int bits) throws Exception {
        Path file = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        String.valueOf(bits),
                        "-dname",
                        "CN=" + name,
                        "-alias",
                        "saml",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException(said);
        }
        KeyStore store = KeyStore.getInstance(file.toFile(), "changeit".toCharArray());
        return new SamlProviderInATest((PrivateKey) store.getKey("saml", "changeit".toCharArray()), (X509Certificate)
                store.getCertificate("saml"));
    }

    IdentityProvider known() {
        return new IdentityProvider(ENTITY, URI.create("https://login.example/sso"), List.of(certificate));
    }

    /** An answer for alice, who has just shown who she is; nothing of it is signed yet. */
    static String answer() {
        return """
                <samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" \
                xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="response" Version="2.0" IssueInstant="@NOW@" \
                Destination="@ANSWERS@" InResponseTo="@REQUEST@"><saml:Issuer>@ENTITY@</saml:Issuer>\
                <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>\
                @ASSERTION@</samlp:Response>""".replace("@ASSERTION@", assertion("assertion", "alice-of-tokens"))
                .replace("@ANSWERS@", ANSWERS.toString())
                .replace("@ENTITY@", ENTITY)
                .replace("@REQUEST@", REQUEST)
                .replace("@NOW@", at(0));
    }

    static String assertion(String id, String subject) {
        return """
                <saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="@ID@" Version="2.0" \
                IssueInstant="@NOW@"><saml:Issuer>@ENTITY@</saml:Issuer><saml:Subject>\
                <saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">alice-of-saml</saml:NameID>\
                <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData \
                NotOnOrAfter="@SOON@" Recipient="@ANSWERS@" InResponseTo="@REQUEST@"/></saml:SubjectConfirmation>\
                </saml:Subject><saml:Conditions NotBefore="@NOW@" NotOnOrAfter="@SOON@"><saml:AudienceRestriction>\
                <saml:Audience>@CONSOLE@</saml:Audience></saml:AudienceRestriction></saml:Conditions>\
                <saml:AuthnStatement AuthnInstant="@NOW@"><saml:AuthnContext><saml:AuthnContextClassRef>\
                urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>\
                </saml:AuthnStatement><saml:AttributeStatement>@ATTRIBUTES@</saml:AttributeStatement></saml:Assertion>""".replace(
                        "@ATTRIBUTES@",
                        attribute("sub", subject)
                                + attribute("name", "alice")
                                + attribute("groups", "support")
                                + attribute("groups", "night-shift")
                                + attribute("email", "Alice@Example.com"))
                .replace("@ID@", id)
                .replace("@ANSWERS@", ANSWERS.toString())
                .replace("@CONSOLE@", CONSOLE)
                .replace("@ENTITY@", ENTITY)
                .replace("@REQUEST@", REQUEST)
                .replace("@NOW@", at(0))
                .replace("@SOON@", at(300));
    }

    static String attribute(String name, String value) {
        return "<saml:Attribute Name=\"" + name + "\"><saml:AttributeValue>" + value
                + "</saml:AttributeValue></saml:Attribute>";
    }

    /** Seconds from now. */
    static String at(long seconds) {
        return Instant.now()
                .truncatedTo(ChronoUnit.SECONDS)
                .plusSeconds(seconds)
                .toString();
    }

    String signed(String xml, String id) throws Exception {
        return signed(xml, id, Constants.RSA_SHA256, Constants.SHA256);
    }

    /** With an enveloped signature of the element with this id, behind its issuer (SAML 2.0 Core §5.4). */
    String signed(String xml, String id, String algorithm, String digest) throws Exception {
        Document document = Util.loadXML(xml);
        Element element = document.getElementById(id);
        XMLSignature signature = new XMLSignature(document, "", algorithm, Constants.C14NEXC);
        element.insertBefore(
                signature.getElement(),
                SamlXml.elements(element.getChildNodes()).getFirst().getNextSibling());
        Transforms transforms = new Transforms(document);
        transforms.addTransform(Constants.ENVSIG);
        transforms.addTransform(Constants.C14NEXC);
        signature.addDocument("#" + id, transforms, digest);
        signature.addKeyInfo(certificate);
        signature.sign(key);
        return Util.convertDocumentToString(document);
    }

    /** With its assertion encrypted for whoever has this certificate's key. */
    static String encrypted(String xml, X509Certificate reader, String cipher) throws Exception {
        KeyGenerator generator = KeyGenerator.getInstance("AES");
        generator.init(128);
        Key content = generator.generateKey();
        Document document = Util.loadXML(xml);
        XMLCipher wrapping = XMLCipher.getInstance(XMLCipher.RSA_OAEP);
        wrapping.init(XMLCipher.WRAP_MODE, reader.getPublicKey());
        EncryptedKey wrapped = wrapping.encryptKey(document, content);
        XMLCipher encrypting = XMLCipher.getInstance(cipher);
        encrypting.init(XMLCipher.ENCRYPT_MODE, content);
        EncryptedData data = encrypting.getEncryptedData();
        KeyInfo info = new KeyInfo(document);
        info.add(wrapped);
        data.setKeyInfo(info);
        Element assertion =
                SamlXml.all(document, Constants.NS_SAML, "Assertion").getFirst();
        Element around = document.createElementNS(Constants.NS_SAML, "saml:EncryptedAssertion");
        assertion.getParentNode().replaceChild(around, assertion);
        around.appendChild(assertion);
        encrypting.doFinal(document, assertion, false);
        return Util.convertDocumentToString(document);
    }

    static String base64(String xml) {
        return Base64.getEncoder().encodeToString(xml.getBytes(StandardCharsets.UTF_8));
    }
}
