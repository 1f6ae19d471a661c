package io.countersign.plan;

import io.countersign.api.DelegationChain;
import io.countersign.api.Outcome;
import io.countersign.approval.Account;
import io.countersign.approval.Held;
import io.countersign.ledger.JsonReader;
import io.countersign.ledger.JsonWriter;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A plan, from its submission. What it says never changes; it is begun once, by one session, and ends once. */
@Entity
@Table(name = "command_plan")
public class CommandPlan {

    private static final int LONGEST_REASON = 2_000;

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "id")
    private long id;

    @Column(name = "request_id")
    private long request;

    @Enumerated(EnumType.STRING)
    @Column(name = "state")
    private PlanState state = PlanState.PENDING;

    /** Planner, target, reason, settings, steps and revision, as the ledger has them. */
    @Column(name = "content")
    private String content = "";

    @Column(name = "seconds")
    private long seconds;

    @Column(name = "session_id")
    private @Nullable String session;

    @Column(name = "executor")
    private @Nullable String executor;

    @Column(name = "asked")
    private @Nullable Instant asked;

    @Column(name = "until")
    private @Nullable Instant until;

    @Column(name = "ended")
    private @Nullable Instant ended;

    @Column(name = "ended_why")
    private @Nullable String why;

    @ElementCollection
    @CollectionTable(name = "command_plan_step", joinColumns = @JoinColumn(name = "plan_id"))
    @OrderColumn(name = "position")
    private List<Done> done = new ArrayList<>();

    @ElementCollection
    @CollectionTable(name = "command_plan_link", joinColumns = @JoinColumn(name = "plan_id"))
    @OrderColumn(name = "position")
    private List<Account> links = new ArrayList<>();

    protected CommandPlan() {}

    /**
     * @param request the number of the approval request
     * @param lasts   how long after its approval it may be begun
     */
    static CommandPlan of(Draft draft, Held held, long request, Duration lasts, Instant now) {
        CommandPlan plan = new CommandPlan();
        plan.request = request;
        plan.content = JsonWriter.document(json -> PlanRecords.content(json, draft, held));
        plan.seconds = lasts.toSeconds();
        plan.asked = now;
        draft.planner().links().stream().map(Account::of).forEach(plan.links::add);
        return plan;
    }

    void ready(Instant now) {
        must(PlanState.PENDING);
        state = PlanState.READY;
        until = now.plusSeconds(seconds);
    }

    void begin(String where, DelegationChain by) {
        must(PlanState.READY);
        state = PlanState.RUNNING;
        session = where;
        executor = JsonWriter.document(json -> json.objects("chain", by.links(), JsonWriter::identity));
    }

    /** Its session is gone before anything of it ran. */
    void leave() {
        must(PlanState.RUNNING);
        state = PlanState.READY;
        session = null;
        executor = null;
    }

    void step(long command, Instant now) {
        must(PlanState.RUNNING);
        done.add(Done.asked(command, now));
    }

    void answered(int step, Outcome outcome) {
        done.set(step, done.get(step).answered(outcome));
    }

    /** @return false where it had ended before */
    boolean end(PlanState to, Instant now, @Nullable String because) {
        if (!state.isOpen() || to.isOpen()) {
            return false;
        }
        state = to;
        ended = now;
        why = because == null || because.length() <= LONGEST_REASON ? because : because.substring(0, LONGEST_REASON);
        return true;
    }

    private void must(PlanState be) {
        if (state != be) {
            throw new IllegalStateException("plan " + id + " is " + state + ", not " + be);
        }
    }

    public PlanStanding standing() {
        JsonReader said = JsonReader.of(content);
        return new PlanStanding(
                id,
                state,
                request,
                chain(content),
                said.text("protocol"),
                said.text("target"),
                said.text("reason"),
                said.map("settings"),
                said.objects("steps", WrittenStep::read),
                said.text("policy"),
                done,
                Optional.ofNullable(session),
                Optional.ofNullable(executor).map(CommandPlan::chain),
                Objects.requireNonNull(asked),
                Optional.ofNullable(until),
                Optional.ofNullable(ended),
                Optional.ofNullable(why));
    }

    private static DelegationChain chain(String json) {
        return new DelegationChain(JsonReader.of(json).objects("chain", JsonReader::identity));
    }
}
