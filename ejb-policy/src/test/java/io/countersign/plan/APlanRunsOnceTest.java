package io.countersign.plan;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.plan.Office.ANNA;
import static io.countersign.plan.Office.NOON;
import static io.countersign.plan.Office.OTTO;
import static io.countersign.plan.Office.SESSION;
import static io.countersign.plan.Office.content;
import static io.countersign.plan.Office.draft;
import static io.countersign.plan.Office.read;
import static io.countersign.plan.Office.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.countersign.api.Command;
import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.api.Outcome;
import io.countersign.approval.Choice;
import io.countersign.approval.Docket;
import io.countersign.approval.Today;
import io.countersign.approval.Voted;
import io.countersign.identity.People;
import io.countersign.ledger.Blocks;
import io.countersign.ledger.Entry;
import io.countersign.ledger.TestLedger;
import io.countersign.ledger.TestStore;
import io.countersign.ledger.Work.Written;
import io.countersign.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class APlanRunsOnceTest {

    private static final Policy POLICY = Office.policy();
    private static final String HERE = SESSION.toString();
    private static final Draft DRAFT =
            draft(update("UPDATE a", OpenParameter.of("integer", "1", "9", null)), read("SELECT 1"));

    private final TestStore store = new TestStore();
    private TestLedger ledger;
    private PlanBook book;
    private Docket docket;

    @BeforeEach
    void open() throws Exception {
        ledger = new TestLedger(store);
        book = new PlanBook(ledger.committer(), Clock.systemUTC());
        docket = new Docket(ledger.committer(), Clock.systemUTC(), () -> People.UNKNOWN, held -> Today.SAME, book);
    }

    @AfterEach
    void close() throws Exception {
        ledger.close();
        store.close();
    }

    @Test
    void whatIsSubmittedIsWhatIsRead() throws Exception {
        PlanStanding plan = submit();
        assertThat(stored(plan.id())).isEqualTo(plan);
        assertThat(plan.state()).isEqualTo(PlanState.PENDING);
        assertThat(plan.steps())
                .isEqualTo(DRAFT.commands().stream().map(Draft.Drafted::step).toList());
        assertThat(plan.revision()).isEqualTo(POLICY.revision());
        assertThat(types()).containsExactly("plan-submitted", "request-opened");
    }

    @Test
    void itIsReadyWithTheApprovalOfOthersAndDoneWithItsLastAnswer() throws Exception {
        PlanStanding plan = submit();
        assertThat(vote(ANNA, plan, Choice.APPROVE)).isInstanceOf(Voted.NotAllowed.class);
        assertThat(begin(plan, HERE)).isFalse();
        vote(BOB, plan, Choice.APPROVE);
        assertThat(stored(plan.id()).until()).isPresent();
        assertThat(begin(plan, HERE)).isTrue();
        PlanRun run = run(plan, HERE);

        assertThat(step(run, 0, 1)).isTrue();
        assertThat(finished(run, 0, 1, Outcome.Status.DONE)).isEqualTo(PlanState.RUNNING);
        assertThat(step(run, 1, 2)).isTrue();
        assertThat(finished(run, 1, 2, Outcome.Status.DONE)).isEqualTo(PlanState.DONE);

        assertThat(stored(plan.id()).done())
                .extracting(Done::command, Done::status, Done::detail)
                .containsExactly(
                        tuple(1L, Outcome.Status.DONE, "UPDATE 1"), tuple(2L, Outcome.Status.DONE, "UPDATE 1"));
        assertThat(types())
                .containsExactly(
                        "plan-submitted",
                        "request-opened",
                        "vote-refused",
                        "vote",
                        "request-approved",
                        "plan-ready",
                        "plan-begun",
                        "command",
                        "plan-step",
                        "outcome",
                        "command",
                        "plan-step",
                        "outcome",
                        "plan-done");
    }

    @Test
    void aRejectionEndsIt() throws Exception {
        PlanStanding plan = submit();
        vote(BOB, plan, Choice.REJECT);
        assertThat(stored(plan.id()).why()).contains("its request was rejected");
        assertThat(begin(plan, HERE)).isFalse();
        assertThat(types()).endsWith("request-rejected", "plan-ended");
    }

    @Test
    void aStepThatFailsEndsIt() throws Exception {
        PlanStanding plan = approved();
        begin(plan, HERE);
        PlanRun run = run(plan, HERE);
        step(run, 0, 1);
        assertThat(finished(run, 0, 1, Outcome.Status.FAILED)).isEqualTo(PlanState.ENDED);
        assertThat(step(run, 1, 2)).isFalse();
        assertThat(stored(plan.id()).why()).contains("command 1 failed: UPDATE 1");
        assertThat(types()).endsWith("outcome", "plan-ended");
    }

    @Test
    void noStepGoesTwiceOrBeforeTheOneBeforeItOrElsewhere() throws Exception {
        PlanStanding plan = approved();
        begin(plan, HERE);
        assertThat(step(run(plan, HERE), 1, 1)).isFalse();
        assertThat(step(run(plan, "elsewhere"), 0, 1)).isFalse();
        assertThat(step(run(plan, HERE), 0, 1)).isTrue();
        assertThat(step(run(plan, HERE), 0, 2)).isFalse();
        assertThat(types()).containsOnlyOnce("plan-step", "command");
    }

    @Test
    void ofManySessionsOneBeginsIt() throws Exception {
        PlanStanding plan = approved();
        List<CompletableFuture<Boolean>> rivals = IntStream.range(0, 50)
                .mapToObj(i -> ledger.committer()
                        .submit(em -> book.begin(em, plan.id(), "session-" + i, DelegationChain.of(OTTO))
                                .map(entry -> Written.of(true, entry))
                                .orElseGet(() -> Written.of(false))))
                .toList();
        CompletableFuture.allOf(rivals.toArray(CompletableFuture[]::new)).get();
        assertThat(rivals).filteredOn(CompletableFuture::join).hasSize(1);
        assertThat(types()).containsOnlyOnce("plan-begun");
    }

    @Test
    void aSessionThatLeavesBeforeTheFirstStepLeavesItToAnotherOne() throws Exception {
        PlanStanding plan = approved();
        begin(plan, HERE);
        assertThat(book.leave(plan.id(), HERE, "the target cannot be reached").get())
                .isTrue();
        assertThat(stored(plan.id()).state()).isEqualTo(PlanState.READY);
        assertThat(begin(plan, "elsewhere")).isTrue();
        assertThat(book.leave(plan.id(), HERE, "again").get()).isFalse();
    }

    @Test
    void andLaterEndsIt() throws Exception {
        PlanStanding plan = approved();
        begin(plan, HERE);
        step(run(plan, HERE), 0, 1);
        book.leave(plan.id(), HERE, "the client disconnected").get();
        assertThat(stored(plan.id())).satisfies(after -> {
            assertThat(after.state()).isEqualTo(PlanState.ENDED);
            assertThat(after.why()).contains("its session ended: the client disconnected");
        });
    }

    @Test
    void itEndsOnceAndWhatIsRecordedBesideItIsNotLost() throws Exception {
        PlanStanding plan = approved();
        assertThat(book.end(plan.id(), "enough", null).get()).isPresent();
        assertThat(book.end(plan.id(), "again", entry("command")).get()).isEmpty();
        assertThat(types()).containsOnlyOnce("plan-ended").endsWith("command");
        assertThat(begin(plan, HERE)).isFalse();
    }

    private PlanStanding submit() throws Exception {
        Submission.Acceptable acceptable = (Submission.Acceptable)
                Submission.of(POLICY, POLICY.planning().orElseThrow(), DRAFT, rules -> List.of(), NOON);
        return book.submit(DRAFT, acceptable.held(), Duration.ofHours(8)).get();
    }

    private PlanStanding approved() throws Exception {
        PlanStanding plan = submit();
        assertThat(vote(ALICE, plan, Choice.APPROVE)).isInstanceOf(Voted.NotAllowed.class);
        vote(BOB, plan, Choice.APPROVE);
        return stored(plan.id());
    }

    private Voted vote(Identity who, PlanStanding plan, Choice choice) throws Exception {
        return docket.vote(plan.request(), DelegationChain.of(who), choice, "seen")
                .get();
    }

    private boolean begin(PlanStanding plan, String session) throws Exception {
        return ledger.committer()
                .submit(em -> book.begin(em, plan.id(), session, DelegationChain.of(OTTO))
                        .map(entry -> Written.of(true, entry))
                        .orElseGet(() -> Written.of(false)))
                .get();
    }

    private boolean step(PlanRun run, int step, long command) throws Exception {
        return book.step(run, step, command(command), entry("command")).get();
    }

    private PlanState finished(PlanRun run, int step, long command, Outcome.Status status) throws Exception {
        Outcome outcome =
                new Outcome(command(command).session(), command, status, "UPDATE 1", 1, 0, Duration.ofMillis(1));
        return book.finished(run, step, outcome, entry("outcome")).get();
    }

    private static PlanRun run(PlanStanding plan, String session) {
        return new PlanRun(plan, session, List.of());
    }

    private static Command command(long number) {
        Command one = Office.command(DelegationChain.of(ANNA, OTTO), content("UPDATE a", "sql:update"));
        return new Command(one.session(), number, one.phase(), one.content(), List.of(), one.state());
    }

    private static Entry entry(String type) {
        return Entry.of(type, Instant.now(), json -> {});
    }

    private PlanStanding stored(long id) {
        return store.transaction(em -> em.find(CommandPlan.class, id).standing());
    }

    private List<String> types() {
        return store.transaction(em -> Blocks.from(em, 0, 100_000)).stream()
                .flatMap(block -> block.entries().stream())
                .map(json -> new String(json, StandardCharsets.UTF_8).replaceAll("\\{\"type\":\"([a-z-]+)\".*", "$1"))
                .toList();
    }
}
