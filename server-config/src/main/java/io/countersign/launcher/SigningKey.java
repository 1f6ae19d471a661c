package io.countersign.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.util.Arrays;
import java.util.Base64;

/** The development issuer's key: P-256 for ES256 (RFC 7518 §3.4), kept as a JSON Web Key (RFC 7517). */
final class SigningKey {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final String CURVE = "secp256r1";

    /** Bytes of a P-256 coordinate (RFC 7518 §6.2.1.2). */
    private static final int COORDINATE = 32;

    private final JsonNode jwk;
    private final PrivateKey key;
    private final String id;

    private SigningKey(JsonNode jwk) throws GeneralSecurityException {
        this.jwk = jwk;
        this.key = privateKey(jwk.required("d").asText());
        this.id = thumbprint(jwk);
    }

    /** The key in that file, made at first use. */
    static SigningKey keptIn(Path file) {
        try {
            return new SigningKey(JSON.readTree(Secrets.kept(file, SigningKey::generated)));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new Failure(file + " holds no usable P-256 key. Delete it, and the next start makes a new one.", e);
        }
    }

    /** The signed token in compact form (RFC 7515 §3.1). */
    String sign(ObjectNode claims) {
        ObjectNode header = JsonNodeFactory.instance
                .objectNode()
                .put("alg", "ES256")
                .put("typ", "JWT")
                .put("kid", id);
        String signed = part(header) + "." + part(claims);
        try {
            // P1363: the bare concatenation of both numbers, as RFC 7518 §3.4 wants it; Java's default is DER.
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + BASE64URL.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK cannot sign ES256", e);
        }
    }

    /** What everybody may know, as a key set (RFC 7517 §5). */
    ObjectNode publicKeys() {
        ObjectNode set = JsonNodeFactory.instance.objectNode();
        set.putArray("keys")
                .addObject()
                .put("kty", "EC")
                .put("crv", "P-256")
                .put("x", jwk.required("x").asText())
                .put("y", jwk.required("y").asText())
                .put("use", "sig")
                .put("alg", "ES256")
                .put("kid", id);
        return set;
    }

    private static byte[] generated() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE));
            KeyPair pair = generator.generateKeyPair();
            ECPublicKey open = (ECPublicKey) pair.getPublic();
            ECPrivateKey closed = (ECPrivateKey) pair.getPrivate();
            return JSON.writeValueAsBytes(JsonNodeFactory.instance
                    .objectNode()
                    .put("kty", "EC")
                    .put("crv", "P-256")
                    .put("x", coordinate(open.getW().getAffineX()))
                    .put("y", coordinate(open.getW().getAffineY()))
                    .put("d", coordinate(closed.getS())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK cannot make P-256 keys", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PrivateKey privateKey(String d) throws GeneralSecurityException {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec(CURVE));
        BigInteger number = new BigInteger(1, Base64.getUrlDecoder().decode(d));
        return KeyFactory.getInstance("EC")
                .generatePrivate(new ECPrivateKeySpec(number, curve.getParameterSpec(ECParameterSpec.class)));
    }

    /** RFC 7638 §3: the hash of the required members in lexical order. */
    private static String thumbprint(JsonNode jwk) throws GeneralSecurityException {
        String members = "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}"
                .formatted(jwk.required("x").asText(), jwk.required("y").asText());
        return BASE64URL.encodeToString(
                MessageDigest.getInstance("SHA-256").digest(members.getBytes(StandardCharsets.UTF_8)));
    }

    private static String coordinate(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[COORDINATE];
        // A leading zero byte is only the sign; a short number is padded on the left.
        byte[] magnitude =
                bytes.length > COORDINATE ? Arrays.copyOfRange(bytes, bytes.length - COORDINATE, bytes.length) : bytes;
        System.arraycopy(magnitude, 0, fixed, COORDINATE - magnitude.length, magnitude.length);
        return BASE64URL.encodeToString(fixed);
    }

    private static String part(ObjectNode json) {
        try {
            return BASE64URL.encodeToString(JSON.writeValueAsBytes(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
