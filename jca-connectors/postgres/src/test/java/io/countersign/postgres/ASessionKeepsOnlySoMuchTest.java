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
    private static final int REST = (4 << 20) - (int) Footprint.SPARE - 8 * 1024;

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

    @Test
    void whatHasNoNameGivesWayToTheNextAndTakesNoMoreThanThereIs() throws IOException {
        fill();
        client.send(bind("", 900_000), bind("", 900_000), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("2 2 Z:IN_TRANSACTION");

        client.send(bind("", 2 << 20), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("E:54000 Z:FAILED");
        assertThat(refused()).isEqualTo(1);
    }

    @Test
    void cursorsCountUntilTheyAreClosedWhateverTheyOutlive() throws IOException {
        String large = " CURSOR WITH HOLD FOR SELECT 1 /*" + "x".repeat((1 << 20) - 1_000) + "*/";
        int declared = 0;
        String answer;
        do {
            client.send(new Query("DECLARE c" + declared + large));
            answer = kinds(client.readToReady());
            declared++;
        } while (answer.equals("DECLARE CURSOR Z:IDLE") && declared < 100);
        assertThat(answer).isEqualTo("E:54000 Z:IDLE");
        assertThat(declared).isEqualTo(63);

        client.send(new Query("CLOSE c7"));
        client.readToReady();
        client.send(new Query("DECLARE another" + large));
        assertThat(kinds(client.readToReady())).isEqualTo("DECLARE CURSOR Z:IDLE");
    }

    @Test
    void savepointsCountUntilTheTransactionForgetsThem() throws IOException {
        fill();
        client.send(new Query("SAVEPOINT first"));
        client.readToReady();
        assertThat(savepoints()).isBetween(1, 50);
        assertThat(refused()).isEqualTo(1);

        client.send(new Query("ROLLBACK TO first"));
        assertThat(kinds(client.readToReady())).isEqualTo("ROLLBACK Z:IN_TRANSACTION");
        client.send(new Query("SAVEPOINT again; RELEASE again; SAVEPOINT again"));
        assertThat(kinds(client.readToReady())).isEqualTo("SAVEPOINT RELEASE SAVEPOINT Z:IN_TRANSACTION");
    }

    /** A target tells nothing of what it has read before it is asked to, or has much to tell. */
    @Test
    void whatTheTargetHasNotAnsweredIsBoundedToo() throws IOException {
        client.send(new Parse("s", "SELECT length($1::text)", List.of()), Signal.SYNC);
        client.readToReady();
        client.send(bind("", 9 << 20), bind("", 9 << 20));
        assertThat(client.read()).isEqualTo(Signal.BIND_COMPLETE);
    }

    /** How many can be set. */
    private int savepoints() throws IOException {
        for (int set = 0; set < 1_000; set++) {
            client.send(new Query("SAVEPOINT another"));
            if (kinds(client.readToReady()).equals("E:54000 Z:FAILED")) {
                return set;
            }
        }
        return 1_000;
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
