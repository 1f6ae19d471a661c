package io.countersign.core;

import io.countersign.api.Secret;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.fpe.FPEFF1Engine;
import org.bouncycastle.crypto.params.FPEParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * Names that stand for values, the same for the same value under the same key: hashes (RFC 2104) and tokens of the value's
 * own format (FF1, NIST SP 800-38G). Each works with a key of its own, derived from the secret (RFC 5869).
 */
final class Pseudonyms {

    /** Of a hash's 256 bits: so many that no two values of a table share them by chance. */
    private static final int HASH_BYTES = 16;

    /** NIST SP 800-38G revision 1, §5.1: with fewer values all of them could be tried. */
    private static final BigInteger FEWEST_VALUES = BigInteger.valueOf(1_000_000);

    /** Letters and digits; a number of that many is worked out for each value. */
    private static final int LONGEST = 256;

    private static final String MAC = "HmacSHA256";
    private static final byte[] SALT = "countersign masks".getBytes(StandardCharsets.UTF_8);

    private final byte[] hashKey;
    private final byte[] tokenKey;

    Pseudonyms(Secret secret) {
        byte[] extracted = hmac(SALT, secret.reveal().getBytes(StandardCharsets.UTF_8));
        this.hashKey = hmac(extracted, expanding("hash"));
        this.tokenKey = hmac(extracted, expanding("token"));
    }

    /** 32 hexadecimal digits. */
    String hash(String value) {
        byte[] whole = hmac(hashKey, value.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(whole, 0, HASH_BYTES);
    }

    /**
     * The value with its ASCII letters and digits replaced by others of the same kind, all else kept. No two values of one
     * format have the same token.
     *
     * <p>The letters and digits are read as one number, each place with its own radix (10 or 26). FF1 enciphers it as bits,
     * again until the outcome is below the number of values of the format: "Format-Preserving Encryption" (Bellare,
     * Ristenpart, Rogaway, Stegers, 2009), §4 cycle walking and §5 rank-then-encipher. The tweak is the format.
     *
     * @return empty where the format has fewer than a million values, more than 256 letters and digits, or letters or digits
     *     beyond ASCII
     */
    Optional<String> token(String value) {
        StringBuilder format = new StringBuilder();
        BigInteger values = BigInteger.ONE;
        BigInteger number = BigInteger.ZERO;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            char first = first(c);
            if (first == 0 ? Character.isLetterOrDigit(value.codePointAt(i)) : format.length() == LONGEST) {
                return Optional.empty();
            }
            if (first != 0) {
                format.append(first);
                BigInteger radix = radix(first);
                values = values.multiply(radix);
                number = number.multiply(radix).add(BigInteger.valueOf(c - first));
            }
        }
        if (values.compareTo(FEWEST_VALUES) < 0) {
            return Optional.empty();
        }
        return Optional.of(written(value, enciphered(number, values, format.toString())));
    }

    private BigInteger enciphered(BigInteger number, BigInteger values, String format) {
        FPEFF1Engine ff1 = new FPEFF1Engine();
        ff1.init(true, new FPEParameters(new KeyParameter(tokenKey), 2, format.getBytes(StandardCharsets.US_ASCII)));
        byte[] bits = new byte[values.subtract(BigInteger.ONE).bitLength()];
        BigInteger outcome = number;
        do {
            for (int i = 0; i < bits.length; i++) {
                bits[i] = (byte) (outcome.testBit(bits.length - 1 - i) ? 1 : 0);
            }
            ff1.processBlock(bits, 0, bits.length, bits, 0);
            StringBuilder binary = new StringBuilder(bits.length);
            for (byte bit : bits) {
                binary.append(bit);
            }
            outcome = new BigInteger(binary.toString(), 2);
        } while (outcome.compareTo(values) >= 0);
        return outcome;
    }

    /** The number's letters and digits in the places of the value's. */
    private static String written(String value, BigInteger number) {
        char[] written = value.toCharArray();
        BigInteger left = number;
        for (int i = written.length - 1; i >= 0; i--) {
            char first = first(written[i]);
            if (first != 0) {
                BigInteger[] parts = left.divideAndRemainder(radix(first));
                written[i] = (char) (first + parts[1].intValue());
                left = parts[0];
            }
        }
        return new String(written);
    }

    /** The first character of the same kind, 0 for one that is kept. */
    private static char first(char c) {
        if (Luhn.digit(c)) {
            return '0';
        }
        if (c >= 'A' && c <= 'Z') {
            return 'A';
        }
        return c >= 'a' && c <= 'z' ? 'a' : 0;
    }

    private static BigInteger radix(char first) {
        return BigInteger.valueOf(first == '0' ? 10 : 26);
    }

    /** RFC 5869 §2.3, for one block. */
    private static byte[] expanding(String purpose) {
        byte[] info = purpose.getBytes(StandardCharsets.UTF_8);
        byte[] block = Arrays.copyOf(info, info.length + 1);
        block[info.length] = 1;
        return block;
    }

    private static byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + MAC, e);
        }
    }
}
