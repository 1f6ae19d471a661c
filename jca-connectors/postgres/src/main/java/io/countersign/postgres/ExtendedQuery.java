package io.countersign.postgres;

import io.countersign.api.Command;
import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.Close;
import io.countersign.postgres.message.Describe;
import io.countersign.postgres.message.Execute;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.Kind;
import io.countersign.postgres.message.Parse;
import io.countersign.postgres.message.Report;
import org.jspecify.annotations.Nullable;

/**
 * The extended protocol's messages (54.2.3), gathered into segments: a Parse and a Bind that belong together, with what is
 * asked about them, until an Execute makes them a command to run, or something else one to prepare.
 *
 * <p>Every method answers whether there may be more to do at once. A message that does not fit into the segment at hand is
 * left where it is: the segment is finished first, and the message comes again.
 *
 * <p>Confined to the session's event loop.
 */
final class ExtendedQuery {

    /** What a segment has at most: clients may ask for ever about a statement that they never execute. */
    private static final int MOST_MESSAGES = 256;

    /**
     * What the target may owe an answer for, in bytes of Parse and Bind: until it has answered, what they say is kept besides
     * what they replace.
     */
    private static final int MOST_UNANSWERED = 16 << 20;

    private final Kept kept;
    private final Pipeline pipeline;
    private final Forwarding forwarding;
    private final Refusing refusing;
    private final Judging judging;
    private final PostgresEffects effects;
    private final SessionNames names;

    private long unanswered;

    ExtendedQuery(
            Kept kept,
            Pipeline pipeline,
            Forwarding forwarding,
            Refusing refusing,
            Judging judging,
            PostgresEffects effects,
            SessionNames names) {
        this.kept = kept;
        this.pipeline = pipeline;
        this.forwarding = forwarding;
        this.refusing = refusing;
        this.judging = judging;
        this.effects = effects;
        this.names = names;
    }

    boolean take(FrontendMessage message, int length) {
        return switch (message) {
            case Parse parse -> parse(parse, length);
            case Bind bind -> bind(bind, length);
            case Describe describe -> describe(describe, length);
            case Execute execute -> execute(execute, length);
            case Close close -> close(close, length);
            default -> throw new IllegalArgumentException("not of the extended protocol: " + message);
        };
    }

    private boolean parse(Parse parse, int length) {
        if (!kept.segment().isEmpty()) {
            return finish();
        }
        if (!names.fits(parse.name(), parse.text())) {
            return full(length);
        }
        if (crowded(length)) {
            return pipeline.await();
        }
        kept.segment().parse(length, parse, new Prepared(effects.read(parse.text()), parse.types()));
        return true;
    }

    private boolean bind(Bind bind, int length) {
        Segment segment = kept.segment();
        if (segment.bind != null || !segment.isEmpty() && segment.statement(bind.statement()) == null) {
            return finish();
        }
        Prepared prepared = statement(bind.statement());
        if (prepared == null) {
            return refuse(length, Refusing.noStatement(bind.statement()));
        }
        Portal portal = new Portal(bind, prepared, length);
        if (!names.fits(portal)) {
            return full(length);
        }
        if (crowded(length)) {
            return pipeline.await();
        }
        segment.bind(length, bind, portal);
        return true;
    }

    private boolean describe(Describe describe, int length) {
        if (isFull()) {
            return finish();
        }
        if (describe.kind() == Kind.STATEMENT) {
            Prepared prepared = statement(describe.name());
            if (prepared == null) {
                return refuse(length, Refusing.noStatement(describe.name()));
            }
            kept.segment().describe(length, prepared);
        } else {
            // One that is not known here may be a cursor; if not, the target says so.
            kept.segment().describe(length, portal(describe.name()));
        }
        return true;
    }

    private boolean close(Close close, int length) {
        Segment segment = kept.segment();
        if (segment.prepares() || isFull()) {
            return finish();
        }
        if (close.kind() == Kind.STATEMENT) {
            segment.closeStatement(length, close.name(), names.closeStatement(close.name()));
        } else {
            names.closePortal(close.name());
            segment.closePortal(length, close.name());
        }
        return true;
    }

    private boolean execute(Execute execute, int length) {
        Segment segment = kept.segment();
        if (segment.bind != null && segment.portal(execute.portal()) == null
                || segment.bind == null && segment.parse != null) {
            return finish();
        }
        Portal portal = portal(execute.portal());
        if (portal == null) {
            return refuse(length, Refusing.noPortal(execute.portal(), names));
        }
        if (portal.suspended != null || portal.prepared.reading.empty()) {
            forwarding.fetch(portal, length);
            return true;
        }
        if (pipeline.unpinned()) {
            refusing.unpinned(length);
            return true;
        }
        if (!pipeline.settled()) {
            return false;
        }
        if (!names.fits(portal.prepared.reading)) {
            return full(length);
        }
        judging.ask(Command.Phase.RUN, segment.bytes + length, portal.prepared.reading, portal, execute);
        return true;
    }

    /** Whether so much is on its way that the target must answer first. */
    private boolean crowded(int length) {
        if (pipeline.answered()) {
            unanswered = 0;
        }
        if (unanswered > 0 && unanswered + length > MOST_UNANSWERED) {
            return true;
        }
        unanswered += length;
        return false;
    }

    private boolean isFull() {
        return kept.segment().expected.size() >= MOST_MESSAGES;
    }

    /** What is kept goes, judged if it prepares anything. */
    boolean finish() {
        Segment segment = kept.segment();
        Prepared prepared = segment.portal != null ? segment.portal.prepared : segment.prepared;
        if (!segment.prepares() || prepared == null || prepared.reading.empty()) {
            forwarding.segment();
            return true;
        }
        if (pipeline.unpinned()) {
            refusing.unpinned(0);
            return true;
        }
        if (!pipeline.settled()) {
            return false;
        }
        judging.ask(Command.Phase.PREPARE, segment.bytes, prepared.reading, segment.portal, null);
        return true;
    }

    /** In place of the message at hand, which is not to be forwarded; what was kept before it is. */
    boolean refuse(int length, Report report) {
        if (!kept.segment().isEmpty()) {
            return finish();
        }
        refusing.message(length, report);
        return true;
    }

    /** The session keeps as much as it may; told, and counted, once what was kept before is on its way. */
    private boolean full(int length) {
        return kept.segment().isEmpty() ? refuse(length, names.full()) : finish();
    }

    private @Nullable Prepared statement(String name) {
        Prepared here = kept.segment().statement(name);
        return here != null ? here : names.statement(name);
    }

    private @Nullable Portal portal(String name) {
        Portal here = kept.segment().portal(name);
        return here != null ? here : names.portal(name);
    }
}
