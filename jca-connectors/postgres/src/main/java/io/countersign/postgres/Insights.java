package io.countersign.postgres;

import io.countersign.api.Insight;
import io.countersign.api.Target;
import io.countersign.core.LiveSession;
import io.countersign.postgres.Explanation.Impossible;
import io.countersign.postgres.Explanation.Pointless;
import io.countersign.postgres.Explanation.Possible;
import io.countersign.postgres.message.ReadyForQuery.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What whoever decides about a held command sees besides it: what its transaction has locked, asked on a connection of the
 * gateway's own, and, where the policy lets the target be asked, its plan. Confined to the session's event loop.
 */
final class Insights {

    private final Target target;
    private final Catalogues catalogues;
    private final PostgresEffects effects;
    private final SessionState state;
    private final Answers answers;
    private final Pipeline pipeline;
    private final LiveSession live;
    private final Outlet outlet;
    private final Executor loop;

    private @Nullable Asked about;
    private final List<Insight> known = new ArrayList<>();
    private int due;
    private @Nullable String wanted;
    private boolean asking;
    private @Nullable Runnable deferred;

    Insights(
            Target target,
            Shared shared,
            SessionState state,
            Answers answers,
            Pipeline pipeline,
            LiveSession live,
            Outlet outlet,
            Executor loop) {
        this.target = target;
        this.catalogues = shared.catalogues();
        this.effects = shared.effects();
        this.state = state;
        this.answers = answers;
        this.pipeline = pipeline;
        this.live = live;
        this.outlet = outlet;
        this.loop = loop;
    }

    /** @param explain whether the target may be asked how it would carry the command out */
    void held(Asked asked, boolean explain) {
        about = asked;
        known.clear();
        wanted = null;
        boolean locks = pipeline.inTransaction();
        due = (locks ? 1 : 0) + (explain ? 1 : 0);
        if (locks) {
            locks(asked);
        }
        if (explain) {
            plan(asked);
        }
    }

    /** Whether what is decided must wait until the target's session is as it was. */
    boolean asking() {
        return asking;
    }

    /** Goes on with the verdict then. */
    void then(Runnable verdict) {
        deferred = verdict;
    }

    /** Nobody needs to see any more of it. */
    void decided() {
        about = null;
        wanted = null;
    }

    /** The target has answered something: perhaps everything that was asked before. */
    void progressed() {
        Runnable verdict = deferred;
        if (verdict != null && !asking) {
            deferred = null;
            verdict.run();
            return;
        }
        Asked asked = about;
        String text = wanted;
        if (asked == null || text == null || asking) {
            return;
        }
        if (pipeline.open() && pipeline.presumed() == Status.IDLE) {
            wanted = null;
            tell(asked, new Insight.NoPlan("It waits in a pipeline, which asking the target now would end too early."));
            return;
        }
        if (!answers.idle()) {
            pipeline.await();
            outlet.flush();
            return;
        }
        wanted = null;
        if (pipeline.skipping() || pipeline.presumed() == Status.FAILED) {
            tell(asked, new Insight.NoPlan("Its transaction has failed already."));
        } else {
            asking = true;
            new PlanQuestion(asked, text, pipeline, insight -> planned(asked, insight), this::broken).ask();
            outlet.flush();
        }
    }

    private void plan(Asked asked) {
        switch (Explanation.of(asked, effects)) {
            case Pointless() -> answered(asked);
            case Impossible(String reason) -> tell(asked, new Insight.NoPlan(reason));
            case Possible(String text) -> {
                wanted = text;
                progressed();
            }
        }
    }

    /** On a connection of the gateway's own, so that it changes nothing in the client's. */
    private void locks(Asked asked) {
        catalogues
                .ask(target, HeldLocks.question(state.process()))
                .whenComplete((rows, failure) -> loop.execute(() -> tell(
                        asked,
                        failure == null
                                ? new Insight.Locks(HeldLocks.read(rows))
                                : new Insight.NoLocks(
                                        "The target's catalogue does not answer: " + failure.getMessage()))));
    }

    private void planned(Asked asked, Insight insight) {
        asking = false;
        tell(asked, insight);
    }

    private void broken(String reason) {
        outlet.end(
                "58000",
                "the target's session is not what it was before the gateway asked for a plan: " + reason,
                "Connect again. Nothing of the held command was carried out.");
    }

    private void tell(Asked asked, Insight insight) {
        if (about == asked) {
            known.add(insight);
            answered(asked);
        }
    }

    private void answered(Asked asked) {
        due--;
        if (due == 0 && !known.isEmpty()) {
            live.observed(asked.number(), List.copyOf(known));
        }
    }
}
