package io.countersign.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Mask;
import io.countersign.api.Mask.Selector;
import io.countersign.api.Mask.Way;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MasksSelectColumnsTest {

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
        "NULL,        KEEP_LAST_4, first",
        "KEEP_LAST_4, REDACT,      second",
        "REDACT,      NULL,        second",
        "REDACT,      REDACT,      first"
    })
    void ofSeveralTheStrictestWins(Way first, Way second, String winner) {
        Masker masker =
                new Masker(List.of(mask("first", "**", "card*", first), mask("second", "**", "card_number", second)));
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
        assertThat(Masker.hide(way, value)).isEqualTo(shown);
    }

    private static Mask mask(String name, String table, String column, Way way) {
        return new Mask(name, new Selector.Column(table, column), way);
    }
}
