package io.countersign.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Secret;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.fpe.FPEFF1Engine;
import org.bouncycastle.crypto.params.FPEParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PseudonymsStandForValuesTest {

    private static final Pseudonyms OURS = new Pseudonyms(Secret.of("a key that only this test knows"));
    private static final Pseudonyms OTHERS = new Pseudonyms(Secret.of("another key, which nobody knows"));

    @Test
    void theSameValueHasTheSameHashUnderTheSameKeyOnly() {
        assertThat(OURS.hash("4111111111111111"))
                .hasSize(32)
                .matches("[0-9a-f]+")
                .isEqualTo(new Pseudonyms(Secret.of("a key that only this test knows")).hash("4111111111111111"))
                .isNotEqualTo(OTHERS.hash("4111111111111111"))
                .isNotEqualTo(OURS.hash("4111111111111112"));
    }

    /** So that others can work them out from the same key: HKDF's two steps, then HMAC. */
    @Test
    void aHashIsWhatTheDocumentationSays() throws Exception {
        byte[] extracted = hmac("countersign masks".getBytes(UTF_8), "a key that only this test knows".getBytes(UTF_8));
        byte[] key = hmac(extracted, "hash\u0001".getBytes(UTF_8));
        assertThat(OURS.hash("grün"))
                .isEqualTo(HexFormat.of()
                        .formatHex(hmac(key, "grün".getBytes(UTF_8)))
                        .substring(0, 32));
    }

    private static byte[] hmac(byte[] key, byte[] text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4111111111111111",
                "4111-1111-1111-1111",
                "DE89 3704 0044 0532 0130 00",
                "alice@example.com",
                "Alice B. Smith",
                "+1 (650) 253-0000",
                "x9X9x9X9",
                "000000"
            })
    void aTokenHasTheFormatOfItsValue(String value) {
        String token = OURS.token(value).orElseThrow();
        assertThat(token).isNotEqualTo(value);
        assertThat(format(token)).isEqualTo(format(value));
        assertThat(OURS.token(value)).contains(token);
        assertThat(OTHERS.token(value)).isPresent().get().isNotEqualTo(token);
    }

    private static String format(String text) {
        return text.replaceAll("[0-9]", "9").replaceAll("[a-z]", "a").replaceAll("[A-Z]", "A");
    }

    @Test
    void noTwoValuesOfOneFormatShareAToken() {
        Set<String> tokens = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            tokens.add(OURS.token("%06d".formatted(i * 37)).orElseThrow());
        }
        assertThat(tokens).hasSize(20_000);
    }

    @Test
    void whereAValueIsSplitDoesNotChangeItsDigits() {
        assertThat(OURS.token("4111-1111-1111-1111").map(token -> token.replace("-", "")))
                .isEqualTo(OURS.token("4111111111111111"));
    }

    @ParameterizedTest
    @CsvSource({
        "12345,      five digits could all be tried",
        "'',         nothing to replace",
        "Müller-Lüdenscheidt, letters beyond ASCII would show",
        "١٢٣٤٥٦٧٨,   and so would digits"
    })
    void whatCannotBeTokenizedIsNot(String value, String reason) {
        assertThat(OURS.token(value)).as(reason).isEmpty();
    }

    @Test
    void aLongTextHasNoToken() {
        assertThat(OURS.token("a".repeat(256))).isPresent();
        assertThat(OURS.token("a".repeat(257))).isEmpty();
    }

    /** NIST, "Example Values", FF1 sample 1 and 2: the library does what the standard says. */
    @ParameterizedTest
    @CsvSource({"'', 2433477484", "39383736353433323130, 6124200773"})
    void theCipherIsTheStandards(String tweak, String expected) {
        FPEFF1Engine ff1 = new FPEFF1Engine();
        byte[] key = HexFormat.of().parseHex("2B7E151628AED2A6ABF7158809CF4F3C");
        ff1.init(
                true,
                new FPEParameters(new KeyParameter(key), 10, HexFormat.of().parseHex(tweak)));
        byte[] digits = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        ff1.processBlock(digits, 0, digits.length, digits, 0);
        StringBuilder shown = new StringBuilder();
        for (byte digit : digits) {
            shown.append(digit);
        }
        assertThat(shown).hasToString(expected);
    }
}
