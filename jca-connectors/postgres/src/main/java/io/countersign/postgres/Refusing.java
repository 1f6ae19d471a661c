package io.countersign.postgres;

import io.countersign.postgres.message.ReadyForQuery;
import io.countersign.postgres.message.ReadyForQuery.Status;
import io.countersign.postgres.message.Report;

/**
 * Drops what is kept and must not be forwarded, and has client and target both believe that it failed. Confined to the
 * session's event loop.
 */
final class Refusing {

    private static final Report UNPINNED =
            Report.error("0A000", "a command that may change how texts are read must be followed by Sync");

    private final Kept kept;
    private final Pipeline pipeline;
    private final Answers answers;
    private final SessionState state;
    private final SessionNames names;

    Refusing(Kept kept, Pipeline pipeline, Answers answers, SessionState state, SessionNames names) {
        this.kept = kept;
        this.pipeline = pipeline;
        this.answers = answers;
        this.state = state;
        this.names = names;
    }

    void command(Asked done, Report report) {
        if (done.simple()) {
            query(done.bytes(), report, done.number());
        } else {
            dropped(done);
            pipeline.poison(report, done.number());
            pipeline.skip();
        }
    }

    /** A refused simple query ends with ReadyForQuery; in a transaction the target has to fail first. */
    void query(int length, Report report, long number) {
        kept.skip(length);
        if (pipeline.open() || state.status() == Status.IN_TRANSACTION) {
            pipeline.poisonQuery(report, number);
            return;
        }
        answers.say(report, number);
        answers.say(new ReadyForQuery(state.status()), number);
        answers.flush();
    }

    void unpinnedQuery(int length) {
        query(length, UNPINNED, 0);
    }

    /** Until the target has reported its settings, which it does at the end of a cycle, no text can be relied on. */
    void unpinned(int length) {
        dropSegment();
        message(length, UNPINNED);
    }

    /** One message of the extended protocol, with nothing kept before it. */
    void message(int length, Report report) {
        kept.skip(length);
        pipeline.poison(report, 0);
        pipeline.skip();
    }

    /** The target ignores everything up to Sync, so nothing is said of this one either. */
    void dropped(Asked done) {
        kept.skip(done.bytes() - kept.segment().bytes);
        dropSegment();
    }

    void dropSegment() {
        Segment segment = kept.segment();
        kept.skip(segment.bytes);
        for (Expected one : segment.expected) {
            if (one.kind == Expected.Kind.CLOSE_STATEMENT) {
                names.named(one.name, one.before);
            }
        }
        kept.nextSegment();
    }

    static Report noStatement(String name) {
        return Report.error("26000", "prepared statement \"" + name + "\" does not exist");
    }

    static Report noPortal(String name, SessionNames names) {
        if (names.cursor(name).isPresent()) {
            return Report.error("0A000", "cursor \"" + name + "\" is not executed by name behind this gateway")
                    .hint("Read it by FETCH.");
        }
        return Report.error("34000", "portal \"" + name + "\" does not exist");
    }
}
