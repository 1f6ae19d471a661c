package io.countersign.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import io.countersign.api.Digest;
import io.countersign.api.Secret;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a token demands that its bearer proves to hold (RFC 7800 {@code cnf}). */
sealed interface Confirmation {

    /** Keycloak says beside the key by which protocol it learned of it; that names no other. */
    Set<String> KEY = Set.of("jkt", "kc-jkt-type");

    SignedIn.Unknown UNPROVED = new SignedIn.Unknown(
            "The token is bound to a key, and nothing proved possession of that key.",
            "Use a token that is not bound, or REST with Authorization: DPoP and a proof (RFC 9449).");

    /** Nothing: whoever has the token is believed. */
    record OfNothing() implements Confirmation {}

    /** A certificate's key (RFC 8705 §3.1 {@code x5t#S256}). */
    record OfCertificate(Digest sha256) implements Confirmation {}

    /**
     * A key, proved anew with each request (RFC 9449 §6.1 {@code jkt}).
     *
     * @param thumbprint its SHA-256 thumbprint (RFC 7638), as the token has it
     */
    record OfKey(String thumbprint) implements Confirmation {}

    /** Something that nothing here can prove, so that nobody is believed. */
    record NotUnderstood() implements Confirmation {}

    static Confirmation of(JWTClaimsSet claims) {
        Object cnf = claims.getClaim("cnf");
        if (cnf == null) {
            // One that is there and null says nothing that could be understood.
            return claims.getClaims().containsKey("cnf") ? new NotUnderstood() : new OfNothing();
        }
        // RFC 7800 §3.1 would have unknown members ignored; a key that they name would then go unproved.
        if (!(cnf instanceof Map<?, ?> members)) {
            return new NotUnderstood();
        }
        if (members.get("jkt") instanceof String thumbprint && KEY.containsAll(members.keySet())) {
            return new OfKey(thumbprint);
        }
        if (members.size() != 1) {
            return new NotUnderstood();
        }
        return members.get("x5t#S256") instanceof String thumbprint
                ? digest(thumbprint).<Confirmation>map(OfCertificate::new).orElseGet(NotUnderstood::new)
                : new NotUnderstood();
    }

    /** Why this possession is not enough for the bearer of the token; nothing where it is. */
    default Optional<SignedIn.Unknown> lacking(Secret token, Possession possession, KeyProofs proofs) {
        return Optional.ofNullable(
                switch (this) {
                    case OfNothing nothing -> superfluous(possession);
                    case OfKey(String thumbprint) ->
                        possession
                                .proof()
                                .map(proof -> proofs.lacking(token, thumbprint, proof))
                                .orElseGet(() -> Optional.of(UNPROVED))
                                .orElse(null);
                    case NotUnderstood unknown ->
                        new SignedIn.Unknown(
                                "The token is bound to a key (cnf) in a way that cannot be proved here.",
                                "Use a token that is not bound, or one bound to a client certificate (x5t#S256) or a key (jkt).");
                    case OfCertificate(Digest sha256) -> lacking(sha256, possession.certificate());
                });
    }

    /** RFC 9449 §7.1: a proof comes with a token that is bound to the key of it. */
    private static SignedIn.@Nullable Unknown superfluous(Possession possession) {
        return possession.proof().isEmpty()
                ? null
                : new SignedIn.Unknown(
                        "The token is not bound to a key, so a proof (DPoP) proves nothing.",
                        "Send it as a bearer token, or get one that is bound.");
    }

    private static SignedIn.@Nullable Unknown lacking(Digest due, Optional<Digest> shown) {
        if (shown.isEmpty()) {
            return new SignedIn.Unknown(
                    "The token is bound to a key, that of a client certificate, and the connection showed none.",
                    "Connect by TLS with that certificate (psql: sslcert and sslkey).");
        }
        // Digests compare in constant time.
        return due.equals(shown.get())
                ? null
                : new SignedIn.Unknown(
                        "The token is bound to a key, that of another client certificate than the connection showed.",
                        "Connect with the certificate that the token was issued for, or get a token for this one.");
    }

    private static Optional<Digest> digest(String thumbprint) {
        try {
            return Optional.of(
                    Digest.parse(HexFormat.of().formatHex(Base64.getUrlDecoder().decode(thumbprint))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
