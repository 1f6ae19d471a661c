package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.it.world.Api;
import io.countersign.it.world.Await;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Afterwards an auditor sees each statement with decision, rule, approver, times, rows and the masked answer. */
@ExtendWith(SharedDemo.class)
class TheAuditorReplaysTheSession {

    @Test
    void everyStatementWithItsDecisionApproverAndMaskedAnswer(Demo demo) {
        String select = "SELECT name, card_number AS replayed FROM customers ORDER BY id LIMIT 2;";
        String delete = "DELETE FROM orders WHERE id = 30 /* replayed */;";
        try (Program psql = demo.psql("alice")) {
            psql.type(select).awaitText("(2 rows)").type(delete).awaitText("held for approval");
            Api bob = demo.api("bob");
            bob.vote(bob.awaitPending(delete), "approve", "for the replay");
            psql.awaitText("DELETE").finish();
        }

        Api dave = demo.api("dave");
        String session = Await.some("the session in the list", () -> sessionWith(dave, "/* replayed */"));
        JsonNode commands = dave.get("/sessions/" + session + "/commands").json();
        assertThat(commands.toString())
                .contains("replayed")
                .contains("bob")
                .contains("hold")
                .contains("permit")
                .contains(".yaml");

        JsonNode recording = Await.some("the masked answer in the recording", () -> {
            JsonNode read = dave.get("/sessions/" + session + "/recording").json();
            return read.toString().contains("DELETE 1") || read.toString().contains("DELETE 0")
                    ? Optional.of(read)
                    : Optional.empty();
        });
        assertThat(recording.toString())
                .contains("replayed")
                .contains("*")
                .doesNotContainPattern("\\d{13,19}")
                .doesNotContain("PGPASSWORD");
    }

    @Test
    void aRequesterSeesOnlyTheirOwnSessions(Demo demo) {
        demo.psqlOnce("frank", "SELECT 1");
        for (JsonNode each : demo.api("alice").get("/sessions").json()) {
            assertThat(each.toString()).contains("alice").doesNotContain("frank");
        }
        assertThat(demo.api("alice").get("/records?after=0&limit=10").status()).isEqualTo(403);
    }

    private static Optional<String> sessionWith(Api dave, String text) {
        for (JsonNode each : dave.get("/sessions").json()) {
            String id = each.get("id").asText();
            if (dave.get("/sessions/" + id + "/commands").text().contains(text)) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }
}
