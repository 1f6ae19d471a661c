package io.countersign.approval;

import io.countersign.api.Insight;
import io.countersign.ledger.JsonReader;
import io.countersign.ledger.JsonWriter;
import java.util.OptionalLong;

/** What a target says of a waiting command, as records keep it. */
final class WrittenInsight {

    private WrittenInsight() {}

    static void write(JsonWriter json, Insight insight) {
        switch (insight) {
            case Insight.Plan plan -> {
                json.text("kind", "plan").texts("steps", plan.steps()).number("answered", plan.answered());
                plan.changed().ifPresent(rows -> json.number("changed", rows));
            }
            case Insight.NoPlan none -> json.text("kind", "no-plan").text("reason", none.reason());
            case Insight.Locks locks -> json.text("kind", "locks").texts("held", locks.held());
            case Insight.NoLocks none -> json.text("kind", "no-locks").text("reason", none.reason());
        }
    }

    static Insight read(JsonReader json) {
        return switch (json.text("kind")) {
            case "plan" ->
                new Insight.Plan(
                        json.texts("steps"),
                        json.number("answered"),
                        json.has("changed") ? OptionalLong.of(json.number("changed")) : OptionalLong.empty());
            case "no-plan" -> new Insight.NoPlan(json.text("reason"));
            case "locks" -> new Insight.Locks(json.texts("held"));
            case "no-locks" -> new Insight.NoLocks(json.text("reason"));
            default -> throw new IllegalStateException("an insight of kind " + json.text("kind"));
        };
    }
}
