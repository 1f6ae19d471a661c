package io.countersign.it.world;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.Map;

/** The key of a demo's issuer: signs tokens of people whom the demo itself does not have. */
final class IssuerKey {

    private final ECKey key;

    private IssuerKey(ECKey key) {
        this.key = key;
    }

    static IssuerKey of(Path data) {
        try {
            return new IssuerKey(
                    JWK.parse(Files.readString(data.resolve("issuer/key.json"))).toECKey());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ParseException e) {
            throw new IllegalStateException("the demo's key cannot be read", e);
        }
    }

    /** A token like that one, but for these claims; one whose value is null is left out. */
    String like(String token, Map<String, Object> claims) {
        try {
            SignedJWT known = SignedJWT.parse(token);
            JWTClaimsSet.Builder changed = new JWTClaimsSet.Builder(known.getJWTClaimsSet());
            claims.forEach(changed::claim);
            SignedJWT signed = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .keyID(known.getHeader().getKeyID())
                            .build(),
                    changed.build());
            signed.sign(new ECDSASigner(key));
            return signed.serialize();
        } catch (ParseException | JOSEException e) {
            throw new IllegalStateException("no token can be signed", e);
        }
    }
}
