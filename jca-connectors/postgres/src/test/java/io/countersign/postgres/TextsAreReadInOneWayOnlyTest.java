package io.countersign.postgres;

import static io.countersign.postgres.APipelineKeepsItsOrderTest.kinds;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.Execute;
import io.countersign.postgres.message.Parse;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.ReadyForQuery;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.Signal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the target reads texts cannot be changed: the gateway would read others (4.1.2.1 "String Constants", 23.3.3). */
class TextsAreReadInOneWayOnlyTest extends SignedInTest {

    private static final Bind BIND = new Bind("", "", List.of(), List.of(), List.of());

    @Test
    void bySetting() throws IOException {
        client.send(new Query("SET client_encoding = 'UTF8'"));
        assertThat(kinds(client.readToReady())).isEqualTo("SET Z:IDLE");
        client.send(new Query("SET standard_conforming_strings = off"));
        List<BackendMessage> answer = client.readToEnd();
        assertThat(answer.getLast()).isInstanceOfSatisfying(Report.class, last -> {
            assertThat(last.severity()).isEqualTo("FATAL");
            assertThat(last.sqlState()).isEqualTo("22023");
        });
        assertThat(Policy.await(gateway.policy.closings::peek, "the end")).contains("standard_conforming_strings");
    }

    @Test
    void norInsideAPipeline() throws IOException {
        client.send(
                new Parse("", "SET client_encoding = 'LATIN1'", List.of()),
                BIND,
                new Execute("", 0),
                new Parse("", "SELECT 'after'", List.of()),
                BIND,
                new Execute("", 0),
                Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("1 2 SET E:0A000 Z:IDLE");
        assertThat(gateway.policy.texts()).doesNotContain("SELECT 'after'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DO $$ BEGIN PERFORM set_config('standard_conforming_strings', 'off', false); END $$",
                "SELECT sly()",
                "SELECT set_config('standard_conforming' || '_strings', 'off', false)"
            })
    void norByCodeThatNobodySees(String sly) throws IOException {
        TARGET.run("CREATE OR REPLACE FUNCTION sly() RETURNS void LANGUAGE plpgsql AS"
                + " $$ BEGIN PERFORM set_config('standard_conforming_strings', 'off', false); END $$");
        // One constant to the gateway; to a server that reads backslashes it ends before the comma.
        String hidden = "SELECT '\\'', count(*) FROM orders --'";
        client.send(
                new Parse("", sly, List.of()),
                BIND,
                new Execute("", 0),
                new Parse("", hidden, List.of()),
                BIND,
                new Execute("", 0),
                Signal.SYNC);
        List<BackendMessage> answer = new ArrayList<>();
        do {
            answer.add(client.read());
        } while (!(answer.getLast() instanceof Report) && !(answer.getLast() instanceof ReadyForQuery));
        assertThat(kinds(answer)).containsPattern("E:(22023|0A000)$");
        assertThat(TARGET.received(hidden)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET NAMES 'LATIN1'",
                "SET SESSION client_encoding TO LATIN1",
                "BEGIN; SET LOCAL client_encoding TO LATIN1",
                "SELECT set_config('client_encoding', 'LATIN1', false)",
                "UPDATE pg_catalog.pg_settings SET setting = 'LATIN1' WHERE name = 'client_encoding'"
            })
    void inAnyForm(String setting) throws IOException {
        client.send(new Query(setting));
        assertThat(kinds(client.readToEnd())).endsWith("E:22023");
    }
}
