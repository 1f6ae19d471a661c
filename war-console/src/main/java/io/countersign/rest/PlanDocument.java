package io.countersign.rest;

import io.countersign.plan.boundary.PlanView;
import io.countersign.plan.boundary.PlanView.StepView;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;

/** A plan as REST callers read it; see {@link Documents} for how values are written. */
final class PlanDocument {

    private PlanDocument() {}

    static JsonObject of(PlanView view) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("id", view.id())
                .add("state", Documents.word(view.state()))
                .add("planner", Documents.array(view.planner(), Documents::identity));
        if (!view.executor().isEmpty()) {
            json.add("executor", Documents.array(view.executor(), Documents::identity));
        }
        JsonObjectBuilder settings = Json.createObjectBuilder();
        view.settings().forEach(settings::add);
        json.add("target", view.target())
                .add("reason", view.reason())
                .add("settings", settings)
                .add("steps", Documents.array(view.steps(), PlanDocument::step))
                .add("ran", view.ran())
                .add("policyRevision", view.policyRevision())
                .add("request", view.request())
                .add("requestState", Documents.word(view.requestState()));
        view.session().ifPresent(session -> json.add("session", session));
        json.add("asked", view.asked().toString());
        view.until().ifPresent(until -> json.add("until", until.toString()));
        view.ended().ifPresent(ended -> json.add("ended", ended.toString()));
        view.why().ifPresent(why -> json.add("why", why));
        return json.build();
    }

    static JsonObject step(StepView step) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("number", step.number())
                .add("statement", step.statement())
                .add(
                        "parameters",
                        Documents.array(
                                step.parameters(),
                                parameter -> Json.createObjectBuilder()
                                        .add("type", parameter.type())
                                        .add("bounds", parameter.bounds())
                                        .build()))
                .add("effects", Documents.strings(step.effects()));
        step.command().ifPresent(command -> json.add("command", command));
        step.at().ifPresent(at -> json.add("at", at.toString()));
        step.status()
                .ifPresent(status -> json.add("status", Documents.word(status))
                        .add("detail", step.detail())
                        .add("rows", step.rows()));
        return json.build();
    }
}
