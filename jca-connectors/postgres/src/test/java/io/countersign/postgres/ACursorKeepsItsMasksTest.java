package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Mask;
import io.countersign.api.Mask.Selector;
import io.countersign.api.Mask.Way;
import io.countersign.api.Obligation;
import io.countersign.api.Verdict;
import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.message.Parse;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What FETCH shows is another command's: cursors and portals share their names (54.2.3). */
class ACursorKeepsItsMasksTest extends GatewayTest {

    private static final Verdict MASKED = new Verdict.Permit(List.of(new Obligation.MaskAnswer(
            List.of(new Mask("pins", new Selector.Column("public.pins_kept", "pin"), Way.REDACT)))));

    private RawClient client;

    @BeforeEach
    void connect() throws IOException, SQLException {
        TARGET.run(
                "DROP TABLE IF EXISTS pins_kept",
                "CREATE TABLE pins_kept (pin text)",
                "INSERT INTO pins_kept VALUES ('7391')");
        client = new RawClient(gateway.number());
        client.signIn();
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
    }

    @Test
    void aPortalIsFetchedFromAsWhatItIsAndNotAsACursorThatWas() throws IOException {
        gateway.policy.rule = command -> MASKED;
        asked("DECLARE c CURSOR WITH HOLD FOR SELECT 1");
        asked("CLOSE c");
        asked("BEGIN");
        bound("c", "SELECT pin || '' FROM pins_kept");
        assertThat(asked("FETCH ALL FROM c")).containsExactly("[redacted]");
    }

    @Test
    void aFetchHidesWhatItsCursorDoesThoughItsOwnRuleHidesNothing() throws IOException {
        hideWhereTheTableIsNamed();
        asked("BEGIN");
        asked("DECLARE c CURSOR FOR SELECT pin, pin || '' FROM pins_kept");
        assertThat(asked("FETCH ALL FROM c")).containsExactly("[redacted]", "[redacted]");
    }

    @Test
    void andWhatAPortalDoes() throws IOException {
        hideWhereTheTableIsNamed();
        asked("BEGIN");
        bound("c", "SELECT pin, pin || '' FROM pins_kept");
        assertThat(asked("FETCH ALL FROM c")).containsExactly("[redacted]", "[redacted]");
    }

    @Test
    void notThoseOfAPortalThatWasNeverMade() throws IOException {
        hideWhereTheTableIsNamed();
        asked("BEGIN");
        asked("SAVEPOINT s");
        client.send(
                new Parse("", "SELECT $1::int", List.of()),
                new Bind("c", "", List.of(), List.of("x".getBytes(StandardCharsets.UTF_8)), List.of()),
                Signal.SYNC);
        client.readToReady();
        asked("ROLLBACK TO s");
        asked("DECLARE c CURSOR FOR SELECT pin || '' FROM pins_kept");
        assertThat(asked("FETCH ALL FROM c")).containsExactly("[redacted]");
    }

    @Test
    void norThoseOfOneThatWentWithItsSavepoint() throws IOException {
        hideWhereTheTableIsNamed();
        asked("BEGIN");
        asked("SAVEPOINT s");
        bound("c", "SELECT 'x'");
        asked("ROLLBACK TO s");
        asked("DECLARE c CURSOR FOR SELECT pin || '' FROM pins_kept");
        assertThat(asked("FETCH ALL FROM c")).containsExactly("[redacted]");
    }

    /** A function may have opened another by its name. */
    @Test
    void aNameIsForgottenWithItsCursor() throws IOException {
        asked("BEGIN");
        asked("DECLARE c CURSOR FOR SELECT 1");
        asked("DECLARE d CURSOR WITH HOLD FOR SELECT 1");
        asked("DECLARE e CURSOR WITH HOLD FOR SELECT 1");
        asked("CLOSE e");
        asked("COMMIT");
        for (String cursor : List.of("c", "d", "e")) {
            asked("FETCH ALL FROM " + cursor);
        }
        assertThat(gateway.policy.judged.stream()
                        .filter(command -> command.content().text().startsWith("FETCH"))
                        .map(command -> command.content().effects().stream()
                                .anyMatch(effect -> effect.action().equals("sql:unknown"))))
                .containsExactly(true, false, true);
    }

    private void hideWhereTheTableIsNamed() {
        gateway.policy.rule = command -> command.content().text().contains("pins_kept") ? MASKED : Policy.PERMIT;
    }

    private void bound(String portal, String text) throws IOException {
        client.send(new Parse("", text, List.of()), new Bind(portal, "", List.of(), List.of(), List.of()), Signal.SYNC);
        client.readToReady();
    }

    private List<String> asked(String text) throws IOException {
        client.send(new Query(text));
        return client.readToReady().stream()
                .filter(DataRow.class::isInstance)
                .flatMap(row -> ((DataRow) row).values().stream())
                .map(value -> value == null ? "NULL" : new String(value, StandardCharsets.UTF_8))
                .toList();
    }
}
