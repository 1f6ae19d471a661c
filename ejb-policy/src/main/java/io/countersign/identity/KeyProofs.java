package io.countersign.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.dpop.JWKThumbprintConfirmation;
import com.nimbusds.oauth2.sdk.dpop.verifiers.AccessTokenValidationException;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPIssuer;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPProtectedResourceRequestVerifier;
import com.nimbusds.oauth2.sdk.dpop.verifiers.InvalidDPoPProofException;
import com.nimbusds.oauth2.sdk.token.DPoPAccessToken;
import io.countersign.api.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Judges proofs of the keys that tokens are bound to (RFC 9449 §4.3, §7.1). The library checks the
 * proof's type, signature, method, address, time, single use and the token's hash in it.
 *
 * <p>One for the life of the process: what it remembers must outlive a change of the policy.
 */
public final class KeyProofs {

    /** What proofs may be signed by: asymmetric only (RFC 9449 §11.6). */
    public static final List<String> ALGORITHMS = List.of("ES256", "PS256", "RS256");

    /** Seconds since it was made, and that clients' clocks may be off. */
    private static final int OLDEST = 60;

    private static final int SKEW = 10;

    /** Characters. */
    private static final int LONGEST = 8 * 1024;

    private static final int MOST_REMEMBERED = 100_000;

    private static final String ANEW =
            "Make a new proof for each request, for its method and address, by the token's key.";

    private final DPoPProtectedResourceRequestVerifier verifier;

    /** @param clock by which used proofs are forgotten; the age of proofs is told by the system's own */
    public KeyProofs(Clock clock) {
        this.verifier = new DPoPProtectedResourceRequestVerifier(
                Set.of(JWSAlgorithm.ES256, JWSAlgorithm.PS256, JWSAlgorithm.RS256),
                SKEW,
                OLDEST,
                new UsedProofs(clock, Duration.ofSeconds(2L * (OLDEST + SKEW)), MOST_REMEMBERED));
    }

    /**
     * Why a proof is not one of the key that the token is bound to; nothing where it is.
     *
     * @param key its SHA-256 thumbprint, as the token has it
     */
    Optional<SignedIn.Unknown> lacking(Secret token, String key, KeyProof came) {
        String text = came.proof().reveal();
        if (text.length() > LONGEST) {
            return no("it is longer than " + LONGEST + " characters");
        }
        try {
            SignedJWT proof = SignedJWT.parse(text);
            if (proof.getHeader().getJWK() == null || !isOf(proof, key)) {
                return no("it is by another key than the token's");
            }
            verifier.verify(
                    came.method(),
                    came.uri(),
                    new DPoPIssuer(key),
                    proof,
                    new DPoPAccessToken(token.reveal()),
                    new JWKThumbprintConfirmation(new Base64URL(key)),
                    null); // No nonce of ours: each proof counts once.
            return Optional.empty();
        } catch (ParseException | JOSEException e) {
            return no("it is not a signed proof");
        } catch (InvalidDPoPProofException | AccessTokenValidationException e) {
            return no(String.valueOf(e.getMessage()));
        }
    }

    /** Before the library compares them in a time of its own. */
    private static boolean isOf(SignedJWT proof, String key) throws JOSEException {
        return MessageDigest.isEqual(
                proof.getHeader().getJWK().computeThumbprint().toString().getBytes(StandardCharsets.UTF_8),
                key.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<SignedIn.Unknown> no(String why) {
        return Optional.of(new SignedIn.Unknown(
                "The proof of the token's key (DPoP) is not acceptable: " + why + ".", ANEW, SignedIn.Fault.PROOF));
    }
}
