package io.countersign.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.it.world.Api;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The attack: have one command approved, then run it again, or another one in its place. */
@ExtendWith(SharedDemo.class)
class AnApprovalIsUsedForMore {

    @Test
    void theSameBytesAskAnewAndOtherBytesAskAnewToo(Demo demo) {
        String delete = "DELETE FROM orders WHERE id = 75 /* approved once */;";
        String edited = "DELETE FROM orders WHERE id = 76 /* approved once */;";
        Api bob = demo.api("bob");
        try (Program psql = demo.psql("alice")) {
            psql.type(delete).awaitText("held for approval");
            long first = bob.awaitPending(delete);
            // What is typed while it waits comes after it, and is judged by itself.
            psql.type(edited).type(delete);
            assertThat(bob.vote(first, "approve", "this one").status()).isEqualTo(200);

            long second = bob.awaitPending(edited);
            assertThat(bob.request(second).get("digest"))
                    .isNotEqualTo(bob.request(first).get("digest"));
            assertThat(bob.vote(second, "reject", "not this one").status()).isEqualTo(200);
            long third = bob.awaitPending(delete);
            assertThat(third).isGreaterThan(second);
            assertThat(bob.vote(first, "approve", "once more").status()).isEqualTo(409);
            assertThat(bob.vote(third, "reject", "once is enough").status()).isEqualTo(200);
            psql.finish();
        }
        assertThat(demo.targetLog().split("id = 75", -1)).hasSize(2);
        assertThat(demo.targetLog()).doesNotContain("id = 76");
    }
}
