package io.countersign.gateway;

import io.countersign.api.Bind;
import io.countersign.api.Command;
import io.countersign.api.Connection;
import io.countersign.api.Content;
import io.countersign.api.Effect;
import io.countersign.api.Identity;
import io.countersign.api.Obligation;
import io.countersign.api.Obligation.LimitRows;
import io.countersign.api.Obligation.MaskAnswer;
import io.countersign.api.Outcome;
import io.countersign.api.Session;
import io.countersign.approval.WrittenReason;
import io.countersign.grant.GrantStanding;
import io.countersign.ledger.Entry;
import io.countersign.ledger.JsonWriter;
import io.countersign.ledger.JsonWriter.ElementWriter;
import io.countersign.policy.Decision;
import io.countersign.recording.RecordingFile.Summary;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The ledger's entries about sessions and commands: which fields, in which order. */
public final class Records {

    // Most of what a command's entry says was said by the session's one before: these parts are written once.

    private static final ElementWriter<Session> SESSION =
            (json, session) -> json.objects("chain", session.requester().links(), Records::account)
                    .text("protocol", session.protocol())
                    .text("target", session.target());

    private static final ElementWriter<Content> CONTENT = (json, content) -> json.texts("kinds", content.kinds())
            .text("statement", content.text())
            .text("content", content.digest().toString());

    private static final ElementWriter<Map<String, String>> STATE = (json, state) -> json.texts("state", state);

    private static final ElementWriter<List<Effect>> EFFECTS =
            (json, effects) -> json.each("effects", effects, Effect::described);

    private static final ElementWriter<Decision> DECISION =
            (json, decision) -> json.objects("reasons", decision.reasons(), WrittenReason::write)
                    .objects("obligations", decision.obligations(), Records::obligation)
                    .text("policy", decision.revision());

    private Records() {}

    /** One that a token opened. */
    public static Entry sessionOpened(Session session, Connection connection) {
        return sessionOpened(session, connection, Optional.empty());
    }

    /** @param ticket the number of the ticket that opened it, if one did */
    public static Entry sessionOpened(Session session, Connection connection, Optional<Long> ticket) {
        return Entry.of("session-opened", session.started(), session.id(), json -> {
            json.objects("chain", session.requester().links(), JsonWriter::identity)
                    .text("protocol", session.protocol())
                    .text("target", session.target())
                    .text("client", session.client())
                    .flag("encrypted", connection.encrypted())
                    .texts("parameters", connection.parameters());
            if (!session.until().equals(Instant.MAX)) {
                json.time("until", session.until());
            }
            ticket.ifPresent(number -> json.number("ticket", number));
        });
    }

    /** @param suppressed how many others were refused since the last such entry and are not on record each */
    public static Entry signInRefused(Connection connection, String reason, long suppressed, Instant now) {
        return Entry.of(
                "sign-in-refused",
                now,
                json -> json.text("protocol", connection.protocol())
                        .text("target", connection.target())
                        .text("client", connection.client())
                        .flag("encrypted", connection.encrypted())
                        .text("reason", reason)
                        .number("suppressed", suppressed));
    }

    /** The command and its decision, where the target is asked nothing before it runs. */
    public static Entry command(Command command, Decision decision, List<GrantStanding> grants, Instant now) {
        return command(command, decision, grants, false, now);
    }

    /**
     * The command and its decision, with the grants that it uses: durable before the first byte goes to the target.
     *
     * @param explain whether the target may be asked for its plan while it is held, and so reads its text
     */
    public static Entry command(
            Command command, Decision decision, List<GrantStanding> grants, boolean explain, Instant now) {
        Session session = command.session();
        return Entry.of("command", now, session.id(), json -> {
                    json.number("command", command.number())
                            .text("phase", command.phase().name())
                            .text("ruling", decision.ruling().name())
                            .same(session, SESSION)
                            .same(command.content(), CONTENT)
                            .objects("binds", command.binds(), Records::bind)
                            .same(command.state(), STATE)
                            .same(command.content().effects(), EFFECTS)
                            .same(decision, DECISION);
                    if (explain) {
                        json.flag("explain", true);
                    }
                    if (!grants.isEmpty()) {
                        json.objects(
                                "grants",
                                grants,
                                (one, grant) -> one.number("grant", grant.id())
                                        .text("kind", grant.kind().name())
                                        .text("duty", grant.duty()));
                    }
                })
                .marked(decision.ruling().name());
    }

    public static Entry outcome(Outcome outcome, Instant now) {
        return Entry.of(
                "outcome",
                now,
                outcome.session().id(),
                json -> json.number("command", outcome.command())
                        .text("status", outcome.status().name())
                        .text("detail", outcome.detail())
                        .number("rows", outcome.rows())
                        .number("bytes", outcome.bytes())
                        .number("micros", outcome.elapsed().toNanos() / 1_000));
    }

    /** With the end of the recording's chain, so that it cannot change unseen from here on. */
    public static Entry sessionClosed(String session, String reason, Optional<Summary> recording, Instant now) {
        return Entry.of("session-closed", now, session, json -> {
            json.text("reason", reason);
            recording.ifPresent(summary -> json.object(
                    "recording",
                    one -> one.number("bytes", summary.bytes())
                            .number("chunks", summary.chunks())
                            .text("hash", summary.hash())));
        });
    }

    public static Entry policyLoaded(String revision, Map<String, String> files, Instant now) {
        return Entry.of(
                "policy-loaded", now, json -> json.text("policy", revision).texts("files", files));
    }

    public static Entry gatewayStarted(String key, String schema, Instant now) {
        return Entry.of("gateway-started", now, json -> json.text("key", key).text("schema", schema));
    }

    public static Entry gatewayStopped(Instant now) {
        return Entry.of("gateway-stopped", now, json -> {});
    }

    private static void account(JsonWriter json, Identity link) {
        json.text("issuer", link.issuer())
                .text("subject", link.subject())
                .text("name", link.name())
                .text("kind", link.kind().name());
    }

    private static void bind(JsonWriter json, Bind bind) {
        json.text("type", bind.type()).text("text", bind.text());
    }

    private static void obligation(JsonWriter json, Obligation obligation) {
        switch (obligation) {
            case MaskAnswer masks -> json.text("kind", "mask").each("masks", masks.masks(), mask -> mask.name());
            case LimitRows limit -> json.text("kind", "limit-rows").number("rows", limit.rows());
        }
    }
}
