package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What somebody did to a table in one session closes other things to them in the next, and the refusal names the record. */
@ExtendWith(SharedDemo.class)
class WhoExportedDoesNotDelete {

    @Test
    void inWhateverSessionAndTheWitnessIsNamed(Demo demo) {
        String copy = "COPY pgbench_tellers TO STDOUT";
        demo.psqlOnce("alice", copy);
        JsonNode witness = demo.api("dave").records().stream()
                .map(each -> each.get("entry"))
                .filter(entry -> entry.path("statement").asText().equals(copy))
                .findFirst()
                .orElseThrow();

        Program.Result refused = demo.psqlOnce("alice", "DELETE FROM pgbench_tellers");
        assertThat(refused.err())
                .contains("alice asked for sql:copy-to on table public.pgbench_tellers before")
                .contains("command " + witness.get("command") + " of session "
                        + witness.get("session").asText())
                .contains("who-copies-tellers-does-not-delete-them");
        assertThat(demo.targetLog()).doesNotContain("DELETE FROM pgbench_tellers");
    }
}
