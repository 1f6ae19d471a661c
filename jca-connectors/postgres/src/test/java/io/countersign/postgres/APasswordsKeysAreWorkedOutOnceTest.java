package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import io.countersign.api.Secret;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class APasswordsKeysAreWorkedOutOnceTest {

    private static final ScramMechanism SHA_256 = ScramMechanism.SCRAM_SHA_256;
    private static final Secret PENCIL = Secret.of("pencil");

    // RFC 7677 §3.
    private static final String SALT = "W22ZaJ0SNY7soEsUEjb6gQ==";
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

    @Test
    void asTheStandardsExampleHasThem() {
        ScramKeys.Keys keys = ScramKeys.of(SHA_256, PENCIL, SALT, 4096);
        String all = "n=user,r=rOprNGfwEbeRWgbNEkqO,r=" + NONCE + ",s=" + SALT + ",i=4096,c=biws,r=" + NONCE;
        assertThat(ScramFunctions.serverSignature(SHA_256, keys.server(), all))
                .isEqualTo(Base64.getDecoder().decode("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
        byte[] signature =
                ScramFunctions.clientSignature(SHA_256, ScramFunctions.storedKey(SHA_256, keys.client()), all);
        assertThat(ScramFunctions.clientProof(keys.client(), signature))
                .isEqualTo(Base64.getDecoder().decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="));
    }

    @Test
    void andAreKeptForThatPasswordSaltAndNumberOnly() {
        ScramKeys.Keys keys = ScramKeys.of(SHA_256, PENCIL, SALT, 4096);
        assertThat(ScramKeys.of(SHA_256, Secret.of("pencil"), SALT, 4096)).isSameAs(keys);
        assertThat(ScramKeys.of(SHA_256, Secret.of("pencils"), SALT, 4096).client())
                .isNotEqualTo(keys.client());
        assertThat(ScramKeys.of(SHA_256, PENCIL, "AAAA", 4096).client()).isNotEqualTo(keys.client());
        assertThat(ScramKeys.of(SHA_256, PENCIL, SALT, 4097).client()).isNotEqualTo(keys.client());
    }
}
