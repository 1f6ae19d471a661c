package io.countersign.console.requests;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Identity;
import io.countersign.approval.Choice;
import io.countersign.approval.Matter;
import io.countersign.approval.State;
import io.countersign.approval.boundary.RequestView;
import io.countersign.approval.boundary.RequestView.TermView;
import io.countersign.approval.boundary.RequestView.VoteView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ARequestTellsHowItEndedTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    @Test
    void whoCountersignedIsNamed() {
        RequestView approved = request(State.APPROVED, 2, vote("bob", Choice.APPROVE), vote("carol", Choice.APPROVE));
        assertThat(Outcomes.epilogue(approved)).startsWith("Countersigned by bob and carol.");
    }

    @Test
    void whoRejectedIsNamedAndWhoHadApprovedIsNot() {
        RequestView rejected = request(State.REJECTED, 2, vote("bob", Choice.APPROVE), vote("carol", Choice.REJECT));
        assertThat(Outcomes.epilogue(rejected))
                .startsWith("Rejected by carol.")
                .endsWith("Nothing reached the target.");
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PENDING", "APPROVED"})
    void whateverElseHappenedNothingReachedTheTarget(State state) {
        assertThat(Outcomes.epilogue(request(state, 1))).contains("Nothing reached the target.");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PENDING")
    void aLateVoteIsToldThatItWasNotCounted(State state) {
        assertThat(Outcomes.closed(state)).contains("not counted");
    }

    @Test
    void aVoteThatIsNotTheLastOneSaysHowManyAreMissing() {
        RequestView waiting = request(State.PENDING, 3, vote("bob", Choice.APPROVE));
        assertThat(Outcomes.counted(Choice.APPROVE, waiting)).isEqualTo("Your approval counts. 2 more are needed.");
    }

    private static VoteView vote(String name, Choice choice) {
        return new VoteView(
                new Identity("https://issuer.example", name, name, Set.of(), Identity.Kind.PERSON), choice, "", NOON);
    }

    private static RequestView request(State state, int quorum, VoteView... votes) {
        int approvals = (int) List.of(votes).stream()
                .filter(vote -> vote.choice() == Choice.APPROVE)
                .count();
        return new RequestView(
                1,
                Matter.COMMAND,
                state,
                "session",
                1,
                List.of(),
                "postgres",
                "shop",
                "DELETE FROM orders",
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                "",
                "",
                List.of(new TermView("two-persons", new TreeSet<>(Set.of("approvers")), quorum, approvals, List.of())),
                true,
                Duration.ZERO,
                false,
                NOON,
                NOON.plusSeconds(900),
                Optional.empty(),
                List.of(votes),
                List.of(),
                List.of(),
                List.of());
    }
}
