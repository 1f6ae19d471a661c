package io.countersign.rest;

import io.countersign.api.Answer;
import io.countersign.api.Identity;
import io.countersign.api.Insight;
import io.countersign.approval.Matter;
import io.countersign.approval.boundary.RequestView;
import io.countersign.approval.boundary.RequestView.BindView;
import io.countersign.approval.boundary.RequestView.StageView;
import io.countersign.approval.boundary.RequestView.TermView;
import io.countersign.approval.boundary.RequestView.VoteView;
import io.countersign.grant.boundary.GrantView;
import io.countersign.ledger.boundary.RecordView;
import io.countersign.policy.Decision;
import io.countersign.revision.boundary.ProposalView;
import io.countersign.session.boundary.CommandView;
import io.countersign.session.boundary.SessionView;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What REST callers read: the names of all JSON members, in one place. They stay what they are; instants are ISO 8601 in
 * UTC, durations ISO 8601, words of enumerations lower case with hyphens, absent members mean that there is nothing.
 */
final class Documents {

    private Documents() {}

    static JsonObject request(RequestView view) {
        return request(view, List.of()).build();
    }

    /** @param insights what the target says of it, as far as the reader may know */
    static JsonObject detailed(RequestView view, List<Insight> insights) {
        return request(view, insights).build();
    }

    private static JsonObjectBuilder request(RequestView view, List<Insight> insights) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("id", view.id())
                .add("matter", word(view.matter()))
                .add("state", word(view.state()));
        if (view.matter() == Matter.COMMAND) {
            json.add("session", view.sessionId()).add("command", view.command());
        }
        json.add("requester", array(view.chain(), Documents::identity))
                .add("protocol", view.protocol())
                .add("target", view.target())
                .add("statement", view.statement())
                .add("binds", array(view.binds(), Documents::bind))
                .add("effects", strings(view.effects()))
                .add("reasons", array(view.reasons(), Documents::reason));
        JsonObjectBuilder state = Json.createObjectBuilder();
        view.sessionState().forEach(state::add);
        json.add("sessionState", state)
                .add("digest", view.digest())
                .add("policyRevision", view.policyRevision())
                .add("terms", array(view.terms(), Documents::term))
                .add("attended", view.attended())
                .add("since", view.since().toString())
                .add("until", view.until().toString());
        if (!view.rerun().isZero()) {
            json.add("rerun", view.rerun().toString());
        }
        if (view.endsTransaction()) {
            json.add("endsTransaction", true);
        }
        view.ended().ifPresent(ended -> json.add("ended", ended.toString()));
        json.add("votes", array(view.votes(), Documents::vote))
                .add("eligible", array(view.eligible(), Documents::identity))
                .add(
                        "excluded",
                        array(
                                view.excluded(),
                                excluded -> Json.createObjectBuilder()
                                        .add("who", identity(excluded.who()))
                                        .add("reasons", strings(excluded.reasons()))
                                        .build()));
        if (!insights.isEmpty()) {
            json.add("insights", array(insights, Documents::insight));
        }
        return json;
    }

    private static JsonObject insight(Insight insight) {
        JsonObjectBuilder json = Json.createObjectBuilder();
        switch (insight) {
            case Insight.Plan plan -> {
                json.add("kind", "plan").add("steps", strings(plan.steps())).add("answered", plan.answered());
                plan.changed().ifPresent(rows -> json.add("changed", rows));
            }
            case Insight.NoPlan none -> json.add("kind", "no-plan").add("reason", none.reason());
            case Insight.Locks locks -> json.add("kind", "locks").add("held", strings(locks.held()));
            case Insight.NoLocks none -> json.add("kind", "no-locks").add("reason", none.reason());
        }
        return json.build();
    }

    static JsonObject grant(GrantView view) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("id", view.id())
                .add("kind", word(view.kind()))
                .add("holder", array(view.holder(), Documents::identity))
                .add("target", view.target())
                .add("duty", view.duty())
                .add("reason", view.reason())
                .add("duration", view.duration().toString());
        view.session().ifPresent(session -> json.add("session", session));
        json.add("asked", view.asked().toString());
        view.since().ifPresent(since -> json.add("since", since.toString()));
        view.until().ifPresent(until -> json.add("until", until.toString()));
        view.ended().ifPresent(ended -> json.add("ended", ended.toString()));
        view.why().ifPresent(why -> json.add("why", why));
        return json.add("request", view.request())
                .add("requestState", word(view.requestState()))
                .add("active", view.active())
                .build();
    }

    static JsonObject session(SessionView view) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("id", view.id())
                .add("requester", array(view.chain(), Documents::identity))
                .add("protocol", view.protocol())
                .add("target", view.target())
                .add("client", view.client())
                .add("started", view.started().toString());
        view.ended().ifPresent(ended -> json.add("ended", ended.toString()));
        view.reason().ifPresent(reason -> json.add("reason", reason));
        return json.add("commands", view.commands())
                .add("held", view.held())
                .add("refused", view.refused())
                .build();
    }

    static JsonObject command(CommandView view) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("sequence", view.seq())
                .add("number", view.number())
                .add("at", view.at().toString())
                .add("phase", word(view.phase()))
                .add("kinds", strings(view.kinds()))
                .add("statement", view.statement())
                .add("binds", array(view.binds(), Documents::bind))
                .add("effects", strings(view.effects()))
                .add("ruling", word(view.ruling()))
                .add("reasons", array(view.reasons(), Documents::reason))
                .add("policyRevision", view.policyRevision());
        if (!view.grants().isEmpty()) {
            json.add("grants", array(view.grants(), Json::createValue));
        }
        view.request()
                .ifPresent(request -> json.add(
                        "request",
                        Json.createObjectBuilder()
                                .add("id", request.id())
                                .add("state", word(request.state()))
                                .add("votes", array(request.votes(), Documents::vote))));
        view.outcome()
                .ifPresent(outcome -> json.add(
                        "outcome",
                        Json.createObjectBuilder()
                                .add("status", word(outcome.status()))
                                .add("detail", outcome.detail())
                                .add("rows", outcome.rows())
                                .add("bytes", outcome.bytes())
                                .add("elapsed", outcome.elapsed().toString())
                                .add("at", outcome.at().toString())));
        return json.build();
    }

    static JsonObject proposal(ProposalView view) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("id", view.id())
                .add("state", word(view.state()))
                .add("source", word(view.source()))
                .add("revision", view.revision());
        view.base().ifPresent(base -> json.add("base", base));
        JsonObjectBuilder files = Json.createObjectBuilder();
        view.files().forEach(file -> files.add(file.name(), file.text()));
        json.add("author", view.author())
                .add("comment", view.comment())
                .add(
                        "changes",
                        array(
                                view.changes(),
                                change -> Json.createObjectBuilder()
                                        .add("kind", word(change.kind()))
                                        .add("words", change.words())
                                        .build()))
                .add("files", files)
                .add("needed", view.needed())
                .add("approvals", view.approvals())
                .add("proposed", view.proposed().toString());
        view.inForce().ifPresent(since -> json.add("inForce", since.toString()));
        view.ended().ifPresent(ended -> json.add("ended", ended.toString()));
        return json.add(
                        "votes",
                        array(
                                view.votes(),
                                ballot -> vote(
                                        new VoteView(ballot.voter(), ballot.choice(), ballot.comment(), ballot.at()))))
                .build();
    }

    static JsonObject answer(Answer answer) {
        JsonObjectBuilder json =
                Json.createObjectBuilder().add("at", answer.at().toString()).add("command", answer.command());
        switch (answer) {
            case Answer.Asked asked -> json.add("type", "asked").add("text", asked.text());
            case Answer.Columns columns -> json.add("type", "columns").add("names", strings(columns.names()));
            case Answer.Row row -> json.add("type", "row").add("values", array(row.values(), Documents::text));
            case Answer.Notice notice -> json.add("type", "notice").add("text", notice.text());
            case Answer.Failed failed ->
                json.add("type", "failed").add("code", failed.code()).add("text", failed.text());
            case Answer.Done done -> json.add("type", "done").add("tag", done.tag());
            case Answer.Data data -> json.add("type", "data").add("text", data.text());
        }
        return json.build();
    }

    static JsonObject entry(RecordView view) {
        try (JsonReader reader = Json.createReader(new StringReader(view.json()))) {
            return Json.createObjectBuilder()
                    .add("sequence", view.seq())
                    .add("at", view.at().toString())
                    .add("type", view.type())
                    .add("entry", reader.readObject())
                    .build();
        }
    }

    /** An enumeration's word: {@code VERIFY_FULL} is said {@code verify-full}. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static <T extends @Nullable Object> JsonArray array(Collection<T> all, Function<T, JsonValue> each) {
        JsonArrayBuilder array = Json.createArrayBuilder();
        all.forEach(one -> array.add(each.apply(one)));
        return array.build();
    }

    static JsonArray strings(List<String> all) {
        return array(all, Json::createValue);
    }

    static JsonObject identity(Identity identity) {
        return Json.createObjectBuilder()
                .add("issuer", identity.issuer())
                .add("subject", identity.subject())
                .add("name", identity.name())
                .add("kind", word(identity.kind()))
                .add("groups", strings(identity.groups().stream().sorted().toList()))
                .build();
    }

    private static JsonObject bind(BindView bind) {
        return Json.createObjectBuilder()
                .add("type", bind.type())
                .add("text", text(bind.text()))
                .build();
    }

    private static JsonObject reason(Decision.Reason reason) {
        return Json.createObjectBuilder()
                .add("effect", reason.effect())
                .add("ruling", word(reason.ruling()))
                .add("rule", reason.rule())
                .add("file", reason.file())
                .add("line", reason.line())
                .add("words", reason.words())
                .build();
    }

    private static JsonObject term(TermView term) {
        return Json.createObjectBuilder()
                .add("rule", term.rule())
                .add("groups", strings(List.copyOf(term.groups())))
                .add("quorum", term.quorum())
                .add("approvals", term.approvals())
                .add("stages", array(term.stages(), Documents::stage))
                .build();
    }

    private static JsonObject stage(StageView stage) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("approvers", strings(stage.approvers()))
                .add("groups", strings(List.copyOf(stage.groups())))
                .add("quorum", stage.quorum())
                .add("each", stage.each())
                .add("approvals", stage.approvals())
                .add("open", stage.open())
                .add("met", stage.met());
        stage.automatic().ifPresent(name -> json.add("automatic", name));
        return json.build();
    }

    private static JsonObject vote(VoteView vote) {
        return Json.createObjectBuilder()
                .add("voter", identity(vote.voter()))
                .add("decision", word(vote.choice()))
                .add("comment", vote.comment())
                .add("at", vote.at().toString())
                .build();
    }

    /** JSON null for a value that is null. */
    private static JsonValue text(@Nullable String text) {
        return text == null ? JsonValue.NULL : Json.createValue(text);
    }
}
