package io.countersign.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Mask;
import io.countersign.api.Mask.Detector;
import io.countersign.api.Mask.Selector;
import io.countersign.api.Mask.Way;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DetectorsFindWhatMustBeHiddenTest {

    private static final Masker CARDS = detecting(Way.KEEP_LAST_4, Detector.PAYMENT_CARD);
    private static final Masker EMAILS = detecting(Way.REDACT, Detector.EMAIL);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4111111111111111", // Visa
                "5555555555554444", // Mastercard
                "378282246310005", // American Express, 15 digits
                "6011111111111117", // Discover
                "30569309025904", // Diners, 14 digits
                "4222222222222", // Visa, 13 digits
                "6304000000000000000", // Maestro, 19 digits
                "4111 1111 1111 1111",
                "4111-1111-1111-1111",
                "3782 822463 10005",
                "card:4111111111111111;",
                "x4111111111111111x",
                "4111 1111 1111 1111 12/26 123",
                "paid with 5555555555554444 on 2024-01-15",
                "id 12 4111 1111 1111 1111",
                "{\"number\": \"4111111111111111\"}"
            })
    void aPaymentCardIsFoundAnywhereInAText(String text) {
        assertThat(CARDS.hideDetected(text)).isNotEqualTo(text).doesNotContain("4111 1111", "41111111", "555555555");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(CARDS.possible(bytes, 0, bytes.length)).isNotZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4111111111111112", // Luhn fails
                "411111111111", // 12 digits
                "41111111111111111111", // 20 digits
                "4111_1111_1111_1111",
                "2024-01-15 10:11:12",
                "+49 (0)30 1234567",
                "0000000000000000",
                "123e4567-e89b-12d3-a456-426614174000",
                "no digits at all",
                ""
            })
    void whatIsNoCardStays(String text) {
        assertThat(CARDS.hideDetected(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "4111111111111111,            ************1111",
        "4111-1111-1111-1111,         ****-****-****-1111",
        "pay 378282246310005 now,     pay ***********0005 now",
        "4111 1111 1111 1111 12/26,   **** **** **** 1111 12/26"
    })
    void theLastFourDigitsMayStay(String text, String shown) {
        assertThat(CARDS.hideDetected(text)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "alice@example.com,               [redacted]",
        "Write to alice@example.com.,     Write to [redacted].",
        "<a.b+c@sub.example.co.uk>,       <[redacted]>",
        "Ä@bücher.example,                [redacted]",
        "root@localhost,                  [redacted]",
        "a@b c@d,                         [redacted] [redacted]",
        "mailto:x_y@example.org?subject,  mailto:[redacted]?subject"
    })
    void anAddressIsFoundAnywhereInAText(String text, String shown) {
        assertThat(EMAILS.hideDetected(text)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"@", "a@", "@b", "a @ b", "a@.", "price @ 5", ".@x", "no sign at all", "a.@b"})
    void whatIsNoAddressStays(String text) {
        assertThat(EMAILS.hideDetected(text)).isEqualTo(text);
    }

    @Test
    void aMaskMaySayThatNothingIsLeft() {
        assertThat(detecting(Way.NULL, Detector.EMAIL).hideDetected("to a@b.example"))
                .isNull();
    }

    @Test
    void severalMasksHideWhatEachFinds() {
        Masker both =
                new Masker(List.of(mask(Way.KEEP_LAST_4, Detector.PAYMENT_CARD), mask(Way.REDACT, Detector.EMAIL)));
        assertThat(both.hideDetected("a@b.example paid with 4111111111111111"))
                .isEqualTo("[redacted] paid with ************1111");
    }

    @Test
    void whatOverlapsIsHiddenAsOneByTheStrictest() {
        Masker both = new Masker(List.of(
                mask(Way.KEEP_LAST_4, Detector.PAYMENT_CARD),
                mask(Way.KEEP_LAST_4, Detector.EMAIL),
                mask(Way.REDACT, Detector.EMAIL)));
        assertThat(both.hideDetected("to 4111111111111111@example.com, 4111111111111111"))
                .isEqualTo("to [redacted], ************1111");
    }

    @Test
    void aColumnNamedLikeASecretIsHiddenWhateverItHolds() {
        Masker passwords = detecting(Way.REDACT, Detector.PASSWORD_COLUMN);
        assertThat(passwords.selectsColumns()).isTrue();
        assertThat(passwords.detects()).isFalse();
        assertThat(passwords.forColumn("public.users", "password_hash")).isPresent();
        assertThat(passwords.forName("api_token")).isPresent();
        assertThat(passwords.forColumn("public.users", "name")).isEmpty();
    }

    @Test
    void whatHoldsNoCandidateIsNeverLookedAtTwice() {
        Masker all = new Masker(List.of(new Mask("all", new Selector.Detected(Set.of(Detector.values())), Way.REDACT)));
        for (String text : List.of(
                "Shipped two desk lamps to Hamburg on 2024-01-15, order 4711.",
                "The customer asked for a later delivery; nobody was at home.",
                "größer als 12,50 €",
                "7f3e9d2c")) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertThat(all.possible(bytes, 0, bytes.length)).as(text).isZero();
        }
    }

    private static Masker detecting(Way way, Detector detector) {
        return new Masker(List.of(mask(way, detector)));
    }

    private static Mask mask(Way way, Detector detector) {
        return new Mask("test", new Selector.Detected(Set.of(detector)), way);
    }
}
