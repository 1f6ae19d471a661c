package io.countersign.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Digest;
import io.countersign.api.Secret;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ATicketIsShortAndKnownByItsFormTest {

    @Test
    void anyClientTakesIt() {
        String written = new TicketSecret(7, TicketSecret.draw()).written().reveal();
        assertThat(written).startsWith("cst_").hasSize(TicketSecret.LENGTH).hasSizeLessThan(64);
        assertThat(written).matches("[A-Za-z0-9_-]+");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 255, 256, 65_536, (1L << 48) - 1})
    void itIsReadAsItWasWritten(long number) {
        TicketSecret secret = new TicketSecret(number, TicketSecret.draw());
        assertThat(TicketSecret.parse(secret.written())).contains(secret);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1L << 48})
    void noneHasANumberThatItCannotName(long number) {
        Secret random = TicketSecret.draw();
        assertThatThrownBy(() -> new TicketSecret(number, random)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cst_",
                "cst_AAAAAAAHAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "cst_AAAAAAAHAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "cst_AAAAAAAHAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "cst_AAAAAAAHAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+",
                "CST_AAAAAAAHAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "cst_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void whatIsNotWholeIsNone(String password) {
        assertThat(TicketSecret.parse(Secret.of(password))).isEmpty();
    }

    @Test
    void aTokenIsNeverTakenForOne() {
        assertThat(TicketSecret.isMeant(Secret.of("eyJhbGciOiJFUzI1NiJ9.e30.x")))
                .isFalse();
        assertThat(TicketSecret.isMeant(Secret.of("cst_anything"))).isTrue();
    }

    @Test
    void itIsKeptAsTheHashOfWhatIsRandomInIt() {
        Secret random = TicketSecret.draw();
        assertThat(random).isNotEqualTo(TicketSecret.draw());
        assertThat(TicketSecret.hash(random))
                .isEqualTo(Digest.of(random.reveal().getBytes(StandardCharsets.US_ASCII)))
                .isNotEqualTo(TicketSecret.hash(TicketSecret.draw()));
    }

    @Test
    void nothingPrintsIt() {
        TicketSecret secret = new TicketSecret(7, TicketSecret.draw());
        assertThat(secret.toString())
                .contains("<secret>")
                .doesNotContain(secret.random().reveal());
    }
}
