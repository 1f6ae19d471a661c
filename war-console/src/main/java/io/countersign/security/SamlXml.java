package io.countersign.security;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.codelibs.saml2.core.util.Constants;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * XML from a SAML provider before anything reads it: no document type, so no entities (CWE-611, CWE-776), no great depth,
 * and signed or encrypted only in the ways that SAML 2.0 (Core §5.4, §6) has and that are not broken.
 */
final class SamlXml {

    /** Elements within elements; schemas of SAML need a dozen. */
    private static final String DEEPEST = "64";

    private static final String DSIG = Constants.NS_DS;
    private static final String ENCRYPTION = Constants.NS_XENC;
    private static final String ENCRYPTION_11 = "http://www.w3.org/2009/xmlenc11#";

    /** RSA with SHA-2 (RFC 9231 §2.3.2 to 2.3.4), the family that java-saml checks. */
    private static final Set<String> SIGNATURES =
            Set.of(Constants.RSA_SHA256, Constants.RSA_SHA384, Constants.RSA_SHA512);

    private static final Set<String> DIGESTS = Set.of(Constants.SHA256, Constants.SHA384, Constants.SHA512);

    /** SAML 2.0 Core §5.4.3 and §5.4.4: these and no others. */
    private static final Set<String> TRANSFORMS =
            Set.of(Constants.ENVSIG, Constants.C14NEXC, Constants.C14NEXC + "WithComments");

    /** Authenticated ones: CBC can be opened by asking often enough (W3C XML Encryption 1.1 §6.1). */
    private static final Set<String> CIPHERS =
            Set.of(ENCRYPTION_11 + "aes128-gcm", ENCRYPTION_11 + "aes192-gcm", ENCRYPTION_11 + "aes256-gcm");

    /** OAEP: PKCS #1 v1.5 can be opened in the same way. */
    private static final Set<String> KEY_TRANSPORTS = Set.of(ENCRYPTION + "rsa-oaep-mgf1p", ENCRYPTION_11 + "rsa-oaep");

    private SamlXml() {}

    /** @throws IOException if it is not well-formed, or is more than a plain document */
    static Document parse(String xml) throws IOException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
        try {
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setAttribute("jdk.xml.maxElementDepth", DEEPEST);
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new Strict());
            return builder.parse(new InputSource(new StringReader(xml)));
        } catch (SAXException e) {
            throw new IOException("It is not XML as SAML has it: " + e.getMessage(), e);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("this Java cannot parse XML safely", e);
        }
    }

    /** What of its signatures and encryption is not allowed, in words that follow "it"; empty where all is well. */
    static Optional<String> flaw(Document document) {
        return all(document, "*", "*").stream()
                .flatMap(each -> flaw(each).stream())
                .findFirst();
    }

    private static Optional<String> flaw(Element element) {
        String parent = element.getParentNode() instanceof Element around ? around.getLocalName() : "";
        String name = element.getLocalName();
        if (DSIG.equals(element.getNamespaceURI())) {
            return switch (name) {
                case "SignatureMethod" -> unless(SIGNATURES, element, "is signed by");
                case "DigestMethod" ->
                    "Reference".equals(parent) ? unless(DIGESTS, element, "is signed by") : Optional.empty();
                case "CanonicalizationMethod", "Transform" -> unless(TRANSFORMS, element, "is signed after");
                case "Reference", "RetrievalMethod" -> within(element);
                default -> Optional.empty();
            };
        }
        if (ENCRYPTION.equals(element.getNamespaceURI())) {
            return switch (name) {
                case "EncryptionMethod" ->
                    unless("EncryptedKey".equals(parent) ? KEY_TRANSPORTS : CIPHERS, element, "is encrypted by");
                case "CipherReference" -> Optional.of("keeps its cipher text elsewhere");
                default -> Optional.empty();
            };
        }
        return Optional.empty();
    }

    private static Optional<String> unless(Set<String> allowed, Element element, String how) {
        String algorithm = element.getAttribute("Algorithm");
        return allowed.contains(algorithm)
                ? Optional.empty()
                : Optional.of(how + " " + algorithm + ", which is not accepted");
    }

    /** Nothing outside the document is fetched, or was signed. */
    private static Optional<String> within(Element element) {
        String uri = element.getAttribute("URI");
        return uri.isEmpty() || uri.startsWith("#")
                ? Optional.empty()
                : Optional.of("refers to something outside of it");
    }

    static List<Element> all(Document document, String namespace, String name) {
        NodeList nodes = document.getElementsByTagNameNS(namespace, name);
        return elements(nodes);
    }

    static List<Element> elements(NodeList nodes) {
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(Element.class::isInstance)
                .map(Element.class::cast)
                .toList();
    }

    private static final class Strict implements ErrorHandler {

        @Override
        public void warning(SAXParseException warning) throws SAXException {
            throw warning;
        }

        @Override
        public void error(SAXParseException error) throws SAXException {
            throw error;
        }

        @Override
        public void fatalError(SAXParseException error) throws SAXException {
            throw error;
        }
    }
}
