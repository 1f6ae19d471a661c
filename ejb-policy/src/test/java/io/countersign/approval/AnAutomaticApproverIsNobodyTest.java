package io.countersign.approval;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.CAROL;
import static io.countersign.approval.Requests.command;
import static io.countersign.approval.Requests.group;
import static io.countersign.approval.Requests.hold;
import static io.countersign.approval.Requests.staged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.api.SessionId;
import io.countersign.identity.People;
import io.countersign.ledger.Blocks;
import io.countersign.ledger.Entry;
import io.countersign.ledger.JsonReader;
import io.countersign.ledger.TestLedger;
import io.countersign.ledger.TestStore;
import io.countersign.policy.Decision.Terms;
import io.countersign.policy.Stage;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AnAutomaticApproverIsNobodyTest {

    private static final Stage.Automatic FREEZE =
            new Stage.Automatic("freeze", URI.create("https://opa.example/v1/data/freeze"), Duration.ofSeconds(2));
    private static final Stage PEERS = Stage.of(1, List.of(group("approvers")));

    private final TestStore store = new TestStore();
    private TestLedger ledger;
    private volatile Today today = Today.SAME;

    @BeforeEach
    void open() throws Exception {
        ledger = new TestLedger(store);
    }

    @AfterEach
    void close() throws Exception {
        ledger.close();
        store.close();
    }

    private Docket docket() {
        return new Docket(ledger.committer(), Clock.systemUTC(), () -> People.UNKNOWN, held -> today);
    }

    private long held(Terms... terms) throws Exception {
        var command = command(DelegationChain.of(ALICE), new SessionId(UUID.randomUUID()), 1);
        return docket().hold(
                        Held.of(command, hold(terms), List.of()),
                        Entry.of("command", Instant.EPOCH, command.session().id(), json -> {}),
                        id -> {})
                .get()
                .id();
    }

    private Voted approve(long request, Identity voter) throws Exception {
        return docket().vote(request, DelegationChain.of(voter), Choice.APPROVE, "")
                .get();
    }

    private Voted answer(long request, Stage.Automatic approver, Choice choice) throws Exception {
        return docket().answer(request, approver, choice, "as written").get();
    }

    private static Standing after(Voted voted) {
        assertThat(voted).isInstanceOf(Voted.Counted.class);
        return ((Voted.Counted) voted).after();
    }

    private static String why(Voted voted) {
        assertThat(voted).isInstanceOf(Voted.NotAllowed.class);
        return String.join(" ", ((Voted.NotAllowed) voted).reasons());
    }

    @Test
    void soAPersonIsStillMissingWhenItHasApproved() throws Exception {
        long request = held(staged(FREEZE, PEERS));
        Standing answered = after(answer(request, FREEZE, Choice.APPROVE));
        assertThat(answered.state()).isEqualTo(State.PENDING);
        assertThat(answered.progress(People.UNKNOWN).getFirst().approvals()).isZero();
        assertThat(after(approve(request, BOB)).state()).isEqualTo(State.APPROVED);
        assertThat(types()).containsExactly("command", "request-held", "automatic-vote", "vote", "release");
        JsonReader answer = JsonReader.of(entries().get(2));
        assertThat(answer.object("voter").identity()).isEqualTo(FREEZE.identity());
        assertThat(answer.text("comment")).isEqualTo("as written");
        JsonReader release = JsonReader.of(entries().getLast());
        assertThat(release.objects("approvers", JsonReader::identity)).containsExactly(BOB);
        assertThat(release.objects("automatic", JsonReader::identity)).containsExactly(FREEZE.identity());
    }

    @Test
    void andNobodyAnswersInItsPlace() throws Exception {
        long request = held(staged(FREEZE, PEERS));
        assertThat(why(approve(request, BOB))).contains("The automatic approver freeze is asked at the present stage");
        Identity named =
                new Identity(FREEZE.identity().issuer(), "freeze", "freeze", Set.of("approvers"), Identity.Kind.PERSON);
        assertThat(why(approve(request, named))).contains("nobody answers in its place");
        assertThat(why(approve(request, FREEZE.identity()))).contains("Agents never countersign");
        assertThat(why(answer(
                        request,
                        new Stage.Automatic("freeze", URI.create("https://other.example/"), Duration.ofSeconds(2)),
                        Choice.APPROVE)))
                .contains("No stage that is open waits for the automatic approver freeze");
    }

    @Test
    void aPersonWithItsVeryNameTakesAPersonsSeatOnly() throws Exception {
        long request = held(staged(PEERS, FREEZE));
        Identity named =
                new Identity(FREEZE.identity().issuer(), "freeze", "freeze", Set.of("approvers"), Identity.Kind.PERSON);
        assertThat(after(approve(request, named)).state()).isEqualTo(State.PENDING);
    }

    @Test
    void butItsNoEndsTheRequest() throws Exception {
        long request = held(staged(FREEZE, PEERS));
        assertThat(after(answer(request, FREEZE, Choice.REJECT)).state()).isEqualTo(State.REJECTED);
        assertThat(approve(request, BOB)).isInstanceOf(Voted.Closed.class);
        assertThat(types())
                .containsExactly("command", "request-held", "automatic-vote", "request-rejected", "vote-refused");
    }

    @Test
    void itIsHeardOnlyWhereItsStageIsOpen() throws Exception {
        long request = held(staged(PEERS, FREEZE));
        assertThat(why(answer(request, FREEZE, Choice.REJECT))).contains("No stage that is open waits");
        approve(request, BOB);
        assertThat(after(answer(request, FREEZE, Choice.APPROVE)).state()).isEqualTo(State.APPROVED);
        assertThat(answer(request, FREEZE, Choice.APPROVE)).isInstanceOf(Voted.Closed.class);
    }

    @Test
    void itIsHeardOnceAndAgainWhenTheVoteBeforeItWasTakenBack() throws Exception {
        long request = held(staged(PEERS, FREEZE, Stage.of(1, List.of(group("approvers")))));
        approve(request, BOB);
        answer(request, FREEZE, Choice.APPROVE);
        assertThat(why(answer(request, FREEZE, Choice.APPROVE))).contains("No stage that is open waits");
        assertThat(after(docket().withdraw(request, DelegationChain.of(BOB)).get())
                        .votes())
                .isEmpty();
        approve(request, CAROL);
        assertThat(after(answer(request, FREEZE, Choice.APPROVE)).votes()).hasSize(2);
    }

    @Test
    void itReleasesNothingThatThePolicyInForceRefusesByNow() throws Exception {
        long request = held(staged(PEERS, FREEZE));
        approve(request, BOB);
        today = new Today(Optional.of("never again"), List.of());
        assertThat(why(answer(request, FREEZE, Choice.APPROVE))).contains("refuses it: never again");
    }

    @Test
    void termsThatAskNobodyElseAreNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> staged(FREEZE)).withMessageContaining("ask for nobody");
    }

    private List<String> types() {
        return entries().stream()
                .map(json -> json.replaceAll("(?s)\\{\"type\":\"([a-z-]+)\".*", "$1"))
                .toList();
    }

    private List<String> entries() {
        return store.transaction(em -> Blocks.from(em, 0, 100_000)).stream()
                .flatMap(block -> block.entries().stream())
                .map(json -> new String(json, StandardCharsets.UTF_8))
                .toList();
    }
}
