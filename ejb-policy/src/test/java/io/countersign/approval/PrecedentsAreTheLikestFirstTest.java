package io.countersign.approval;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.CAROL;
import static io.countersign.approval.Requests.command;
import static io.countersign.approval.Requests.group;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Command;
import io.countersign.api.Content;
import io.countersign.api.DelegationChain;
import io.countersign.api.Effect;
import io.countersign.api.Identity;
import io.countersign.api.Resource;
import io.countersign.api.SessionId;
import io.countersign.policy.Decision.Terms;
import io.countersign.policy.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PrecedentsAreTheLikestFirstTest {

    private static Standing request(long id, State state, Identity who, String rule, String effect) {
        Command command = command(DelegationChain.of(who), new SessionId(UUID.randomUUID()), 1);
        Content content = command.content();
        Command asked = new Command(
                command.session(),
                1,
                command.phase(),
                new Content(
                        content.text(),
                        content.digest(),
                        content.kinds(),
                        List.of(Effect.of(effect, new Resource("table", List.of("public", "orders")))),
                        content.references()),
                List.of(),
                command.state());
        Terms terms = new Terms(rule, List.of(Stage.of(1, List.of(group("approvers")))), Duration.ofMinutes(15));
        return new Standing(
                id,
                state,
                Held.of(asked, Requests.hold(terms), List.of()),
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(900),
                Optional.of(Instant.EPOCH),
                List.of());
    }

    private static final Standing WAITS = request(9, State.PENDING, ALICE, "changes", "sql:delete");

    @Test
    void theSameShapeBeforeTheSamePersonAndNewerBeforeOlder() {
        List<Standing> decided = List.of(
                request(8, State.APPROVED, CAROL, "changes", "sql:update"),
                request(7, State.APPROVED, ALICE, "changes", "sql:update"),
                request(6, State.REJECTED, BOB, "changes", "sql:delete"),
                request(5, State.APPROVED, ALICE, "changes", "sql:delete"),
                request(4, State.APPROVED, ALICE, "changes", "sql:delete"));
        assertThat(Precedents.of(WAITS, decided, 10)).extracting(Standing::id).containsExactly(5L, 4L, 6L, 7L, 8L);
        assertThat(Precedents.of(WAITS, decided, 2)).extracting(Standing::id).containsExactly(5L, 4L);
    }

    @Test
    void neitherWhatAnotherRuleHeldNorWhatNobodyDecided() {
        assertThat(Precedents.of(
                        WAITS,
                        List.of(
                                WAITS,
                                request(8, State.APPROVED, ALICE, "another", "sql:delete"),
                                request(7, State.EXPIRED, ALICE, "changes", "sql:delete"),
                                request(6, State.WITHDRAWN, ALICE, "changes", "sql:delete"),
                                request(5, State.PENDING, ALICE, "changes", "sql:delete")),
                        10))
                .isEmpty();
    }
}
