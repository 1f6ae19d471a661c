package io.countersign.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Mask;
import io.countersign.api.Mask.Detector;
import io.countersign.api.Mask.Selector;
import io.countersign.api.Mask.Way;
import io.countersign.api.Secret;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MasksSelectColumnsTest {

    private static final Optional<Secret> KEY = Optional.of(Secret.of("a key that only this test knows"));

    @ParameterizedTest
    @CsvSource({
        "public.customers, card*,  public.customers,  card_number, true",
        "public.customers, card*,  public.customers,  CARD,        true",
        "public.customers, card*,  public.customers,  discard,     false",
        "public.customers, card*,  audit.customers,   card,        false",
        "*.customers,      card,   audit.customers,   card,        true",
        "*.customers,      card,   audit.old.customers, card,      false",
        "**,               card,   a.b.c,             card,        true",
        "public.*,         c?rd,   public.x,          cord,        true",
        "public.*,         card.x, public.x,          cardsx,      false"
    })
    void byTableAndColumn(String tables, String columns, String table, String column, boolean selected) {
        Masker masker = new Masker(List.of(mask("one", tables, columns, Way.REDACT)));
        assertThat(masker.forColumn(table, column).isPresent()).isEqualTo(selected);
    }

    @ParameterizedTest
    @CsvSource({
        "KEEP_LAST_4, NULL,        second",
        "KEEP_LAST_4, TOKEN,       second",
        "TOKEN,       HASH,        second",
        "HASH,        REDACT,      second",
        "NULL,        KEEP_LAST_4, first",
        "KEEP_LAST_4, REDACT,      second",
        "REDACT,      NULL,        second",
        "REDACT,      REDACT,      first"
    })
    void ofSeveralTheStrictestWins(Way first, Way second, String winner) {
        Masker masker = new Masker(List.of(any("first", "card*", first), any("second", "card_number", second)));
        assertThat(masker.forColumn("public.customers", "card_number").map(Mask::name))
                .contains(winner);
        assertThat(masker.forName("card_number").map(Mask::name)).contains(winner);
        assertThat(masker.forAnything().map(Mask::name)).contains(winner);
    }

    @ParameterizedTest
    @CsvSource({
        "REDACT,      4111-1111,  [redacted]",
        "REDACT,      '',         [redacted]",
        "KEEP_LAST_4, 4111-1111,  ****-1111",
        "KEEP_LAST_4, 123,        ***",
        "KEEP_LAST_4, ab c,       ***",
        "KEEP_LAST_4, Ünïcödé,    ***cödé",
        "NULL,        4111-1111,"
    })
    void valuesAreHiddenWhole(Way way, String value, String shown) {
        Mask mask = mask("one", "**", "card", way);
        assertThat(new Masker(List.of(mask)).hide(mask, value)).isEqualTo(shown);
    }

    @Test
    void aKeyHidesEqualValuesAlike() {
        Mask hash = new Mask("hash", new Selector.Column("**", "card"), Way.HASH, KEY);
        Mask token = new Mask("token", new Selector.Detected(Set.of(Detector.PAYMENT_CARD)), Way.TOKEN, KEY);
        Masker masker = new Masker(List.of(hash, token));
        assertThat(masker.hide(hash, "4111-1111")).matches("[0-9a-f]{32}").isEqualTo(masker.hide(hash, "4111-1111"));
        assertThat(masker.hideDetected("paid with 4111-1111-1111-1111."))
                .matches("paid with \\d{4}-\\d{4}-\\d{4}-\\d{4}\\.")
                .doesNotContain("4111-1111");
    }

    /** Only once the address of mail is gone, what stood before it reads as an address of IPv6. */
    @Test
    void whatIsLeftIsLookedAtAgain() {
        Masker redacting = new Masker(
                List.of(new Mask("content", new Selector.Detected(EnumSet.allOf(Detector.class)), Way.REDACT)));
        String shown = redacting.hideDetected("8::6578406478640647ann@tb");
        assertThat(shown).isEqualTo(Masker.REDACTED + Masker.REDACTED);
        assertThat(redacting.detects(shown)).isFalse();
    }

    @Test
    void whatHasNoTokenIsRedacted() {
        Mask token = new Mask("token", new Selector.Column("**", "pin"), Way.TOKEN, KEY);
        assertThat(new Masker(List.of(token)).hide(token, "1234")).isEqualTo(Masker.REDACTED);
    }

    @Test
    void aWayThatNeedsAKeyIsNothingWithoutOne() {
        assertThatThrownBy(() -> mask("hash", "**", "card", Way.HASH)).hasMessageContaining("needs one");
        assertThatThrownBy(() -> new Mask("null", new Selector.Column("**", "card"), Way.NULL, KEY))
                .hasMessageContaining("no use for one");
    }

    private static Mask any(String name, String column, Way way) {
        return new Mask(name, new Selector.Column("**", column), way, way.keyed() ? KEY : Optional.empty());
    }

    private static Mask mask(String name, String table, String column, Way way) {
        return new Mask(name, new Selector.Column(table, column), way);
    }

    @Test
    void bytesThatNobodyCallsTextAreReadAsTextAllTheSame() {
        Masker masker = new Masker(
                List.of(new Mask("content", new Selector.Detected(EnumSet.of(Mask.Detector.EMAIL)), Mask.Way.REDACT)));
        byte[] address = "JOS\u00c9@example.com".getBytes(StandardCharsets.UTF_8);
        byte[] among = new byte[address.length + 8];
        System.arraycopy(address, 0, among, 4, address.length);
        among[3] = (byte) 0xff;
        assertThat(masker.detects(among, 0, among.length)).isTrue();
        assertThat(masker.detects(among, 8 + address.length - 4, among.length)).isFalse();
    }
}
