package io.countersign.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.crypto.impl.BaseJWSProvider;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.JWSVerifierFactory;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Signatures by Ed25519 (RFC 8037 §3.1), verified by the JDK: the library itself needs another one for them, and without it
 * passes such keys over.
 */
final class EdwardsSignatures {

    /** What stands before the 32 bytes of a public key in its X.509 form (RFC 8410 §4). */
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int KEY_BYTES = 32;

    private EdwardsSignatures() {}

    /** Selects keys for Ed25519 too; for every other algorithm the library's own choice stands. */
    static final class Keys extends JWSVerificationKeySelector<SecurityContext> {

        Keys(Set<JWSAlgorithm> algorithms, JWKSource<SecurityContext> source) {
            super(algorithms, source);
        }

        @Override
        public List<Key> selectJWSKeys(JWSHeader header, SecurityContext context) throws KeySourceException {
            if (!JWSAlgorithm.EdDSA.equals(header.getAlgorithm())) {
                return super.selectJWSKeys(header, context);
            }
            List<Key> keys = new ArrayList<>();
            for (JWK each : getJWKSource().get(new JWKSelector(JWKMatcher.forJWSHeader(header)), context)) {
                if (each instanceof OctetKeyPair pair && Curve.Ed25519.equals(pair.getCurve())) {
                    publicKey(pair.getX().decode()).ifPresent(keys::add);
                }
            }
            return keys;
        }

        private static Optional<PublicKey> publicKey(byte[] point) {
            if (point.length != KEY_BYTES) {
                return Optional.empty();
            }
            byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + KEY_BYTES);
            System.arraycopy(point, 0, encoded, X509_PREFIX.length, KEY_BYTES);
            try {
                return Optional.of(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
            } catch (GeneralSecurityException e) {
                return Optional.empty(); // Not a point of the curve: such a key verifies nothing.
            }
        }
    }

    /** Verifiers for Ed25519 too. */
    static JWSVerifierFactory verifiers() {
        return new DefaultJWSVerifierFactory() {
            @Override
            public JWSVerifier createJWSVerifier(JWSHeader header, Key key) throws JOSEException {
                return JWSAlgorithm.EdDSA.equals(header.getAlgorithm()) && key instanceof PublicKey known
                        ? new Verifier(known)
                        : super.createJWSVerifier(header, key);
            }
        };
    }

    private static final class Verifier extends BaseJWSProvider implements JWSVerifier {

        private final PublicKey key;

        Verifier(PublicKey key) {
            super(Set.of(JWSAlgorithm.EdDSA));
            this.key = key;
        }

        @Override
        public boolean verify(JWSHeader header, byte[] signed, Base64URL signature) throws JOSEException {
            if (header.getCriticalParams() != null) {
                return false; // Nothing critical is understood here (RFC 7515 §4.1.11).
            }
            try {
                Signature ed25519 = Signature.getInstance("Ed25519");
                ed25519.initVerify(key);
                ed25519.update(signed);
                return ed25519.verify(signature.decode());
            } catch (SignatureException e) {
                return false; // Not even of a signature's form.
            } catch (GeneralSecurityException e) {
                throw new JOSEException("Ed25519 is not available: " + e.getMessage(), e);
            }
        }
    }
}
