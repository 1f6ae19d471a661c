package io.countersign.postgres;

import static io.countersign.postgres.APipelineKeepsItsOrderTest.kinds;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.core.Counters.Counter;
import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.Close;
import io.countersign.postgres.message.Execute;
import io.countersign.postgres.message.Kind;
import io.countersign.postgres.message.Parse;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.Signal;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client could otherwise take all memory by names that it never closes. */
class ASessionKeepsOnlySoMuchTest extends SignedInTest {

    private static final int LARGE = 15 << 20;

    /** What four large ones and six small things leave, but for less than a longer text. */
    private static final int REST = (4 << 20) - 8 * 1024;

    private static final String LONGER = "SELECT 1 /*" + "x".repeat(4_000) + "*/";

    @Test
    void whatIsClosedMakesRoomAndWhatIsTooMuchFailsUntilSync() throws IOException {
        fill();
        client.send(new Close(Kind.PORTAL, "a"), bind("f", LARGE), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("3 2 Z:IN_TRANSACTION");
        assertThat(refused()).isZero();

        client.send(bind("g", 4_000), new Execute("g", 0), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("E:54000 Z:FAILED");
        assertThat(refused()).isEqualTo(1);

        // Portals end with their transaction.
        client.send(new Query("ROLLBACK"));
        client.readToReady();
        client.send(bind("g", 4_000), new Execute("g", 0), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("2 D SELECT 1 Z:IDLE");
    }

    @Test
    void statementsCountHoweverTheyArePrepared() throws IOException {
        fill();
        client.send(new Query("SAVEPOINT filled"));
        client.readToReady();
        client.send(new Parse("b", LONGER, List.of()), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("E:54000 Z:FAILED");

        again();
        client.send(new Query("PREPARE b AS " + LONGER));
        assertThat(kinds(client.readToReady())).isEqualTo("E:54000 Z:FAILED");

        again();
        client.send(
                new Parse("", "PREPARE b AS " + LONGER, List.of()),
                new Bind("", "", List.of(), List.of(), List.of()),
                new Execute("", 0),
                Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("1 2 E:54000 Z:FAILED");
        assertThat(refused()).isEqualTo(3);

        // Unnamed ones replace each other, so there is room for them.
        again();
        client.send(
                new Parse("", LONGER, List.of()),
                new Bind("", "", List.of(), List.of(), List.of()),
                new Execute("", 0),
                Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("1 2 D SELECT 1 Z:IN_TRANSACTION");
    }

    private void again() throws IOException {
        client.send(new Query("ROLLBACK TO filled"));
        assertThat(kinds(client.readToReady())).isEqualTo("ROLLBACK Z:IN_TRANSACTION");
    }

    private void fill() throws IOException {
        client.send(new Query("BEGIN"));
        client.readToReady();
        client.send(
                new Parse("s", "SELECT length($1::text)", List.of()),
                bind("a", LARGE),
                bind("b", LARGE),
                bind("c", LARGE),
                bind("d", LARGE),
                bind("e", REST),
                Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("1 2 2 2 2 2 Z:IN_TRANSACTION");
    }

    private long refused() {
        return gateway.counters.value(Counter.STATEMENTS_REFUSED_TOTAL);
    }

    private static Bind bind(String portal, int length) {
        return new Bind(portal, "s", List.of(), List.of("x".repeat(length).getBytes(US_ASCII)), List.of());
    }
}
