package io.countersign.plan;

import io.countersign.api.Command;
import io.countersign.approval.Held;
import io.countersign.ledger.Entry;
import io.countersign.ledger.JsonWriter;
import io.countersign.plan.Draft.Drafted;
import java.time.Instant;
import java.util.List;

/** The ledger's entries about plans: which fields, in which order. */
final class PlanRecords {

    private PlanRecords() {}

    /** What a plan says, in the row as on the ledger. */
    static void content(JsonWriter json, Draft draft, Held held) {
        about(json, draft);
        json.objects("steps", draft.commands().stream().map(Drafted::step).toList(), WrittenStep::write)
                .text("digest", held.digest().toString())
                .text("policy", held.revision());
    }

    static Entry submitted(PlanStanding plan, Draft draft, Held held, Instant now) {
        return Entry.of("plan-submitted", now, json -> {
            json.number("plan", plan.id()).number("request", plan.request());
            content(json, draft, held);
        });
    }

    static Entry refused(Draft draft, List<String> reasons, Instant now) {
        return Entry.of("plan-refused", now, json -> {
            about(json, draft);
            json.each("statements", draft.commands(), each -> each.content().text())
                    .texts("reasons", reasons);
        });
    }

    static Entry ready(PlanStanding plan, Instant now) {
        return Entry.of("plan-ready", now, json -> {
            named(json, plan);
            plan.until().ifPresent(until -> json.time("until", until));
        });
    }

    static Entry begun(PlanStanding plan, Instant now) {
        return Entry.of("plan-begun", now, plan.session().orElse(""), json -> {
            named(json, plan);
            plan.executor().ifPresent(by -> json.objects("executor", by.links(), JsonWriter::identity));
        });
    }

    /** The release of one step: on disk before the connector hears of it. */
    static Entry step(PlanStanding plan, int step, Command command, Instant now) {
        return Entry.of("plan-step", now, command.session().id(), json -> {
            json.number("command", command.number());
            named(json, plan);
            json.number("step", step + 1L)
                    .text("digest", command.digest().toString())
                    .text("policy", plan.revision());
        });
    }

    static Entry left(PlanStanding plan, String session, String why, Instant now) {
        return Entry.of("plan-left", now, session, json -> {
            named(json, plan);
            json.text("reason", why);
        });
    }

    static Entry ended(PlanStanding plan, Instant now) {
        return Entry.of(
                plan.state() == PlanState.DONE ? "plan-done" : "plan-ended",
                now,
                plan.session().orElse(""),
                json -> {
                    named(json, plan);
                    json.number("steps", plan.steps().size())
                            .number("ran", plan.done().size())
                            .text("reason", plan.why().orElse(""));
                });
    }

    private static void about(JsonWriter json, Draft draft) {
        json.objects("chain", draft.planner().links(), JsonWriter::identity)
                .text("protocol", draft.protocol())
                .text("target", draft.target())
                .text("reason", draft.reason())
                .texts("settings", draft.settings());
    }

    private static void named(JsonWriter json, PlanStanding plan) {
        json.number("plan", plan.id()).number("request", plan.request());
    }
}
