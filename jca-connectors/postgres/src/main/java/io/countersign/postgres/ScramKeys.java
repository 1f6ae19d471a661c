package io.countersign.postgres;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import io.countersign.api.Secret;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a password comes to with a server's salt and iterations. Clients may keep that (RFC 5802 §5.1, "client implementations
 * can cache ClientKey&amp;ServerKey"): working it out takes longer than all else of a log-in, and is the same each time.
 */
final class ScramKeys {

    /** Credentials at targets are few; a server that names another salt each time must not fill the memory. */
    private static final int MOST = 256;

    private record Origin(ScramMechanism mechanism, Secret password, String salt, int iterations) {}

    /** To be left as they are. */
    record Keys(byte[] client, byte[] server) {}

    private static final Map<Origin, Keys> KNOWN = new ConcurrentHashMap<>();

    private ScramKeys() {}

    /** Whether {@link #of} answers at once. */
    static boolean known(ScramMechanism mechanism, Secret password, String salt, int iterations) {
        return KNOWN.containsKey(new Origin(mechanism, password, salt, iterations));
    }

    /**
     * @param salt in Base64, as the server sends it
     * @throws IllegalArgumentException where that is none
     */
    static Keys of(ScramMechanism mechanism, Secret password, String salt, int iterations) {
        Origin origin = new Origin(mechanism, password, salt, iterations);
        Keys known = KNOWN.get(origin);
        if (known != null) {
            return known;
        }
        byte[] salted = ScramFunctions.saltedPassword(
                mechanism,
                StringPreparation.SASL_PREPARATION,
                password.reveal().toCharArray(),
                Base64.getDecoder().decode(salt),
                iterations);
        Keys keys = new Keys(ScramFunctions.clientKey(mechanism, salted), ScramFunctions.serverKey(mechanism, salted));
        if (KNOWN.size() >= MOST) {
            KNOWN.clear();
        }
        KNOWN.put(origin, keys);
        return keys;
    }
}
