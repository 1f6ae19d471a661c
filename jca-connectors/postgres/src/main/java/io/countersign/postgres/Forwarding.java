package io.countersign.postgres;

import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.Describe;
import io.countersign.postgres.message.Execute;
import io.countersign.postgres.message.Kind;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Sends to the target exactly the kept bytes that were judged, and notes which answers are due for them. Confined to the
 * session's event loop.
 */
final class Forwarding {

    private final ByteBufAllocator allocator;
    private final Kept kept;
    private final Pipeline pipeline;
    private final Answers answers;
    private final SessionNames names;
    private final Outlet outlet;

    Forwarding(
            ByteBufAllocator allocator,
            Kept kept,
            Pipeline pipeline,
            Answers answers,
            SessionNames names,
            Outlet outlet) {
        this.allocator = allocator;
        this.kept = kept;
        this.pipeline = pipeline;
        this.answers = answers;
        this.names = names;
        this.outlet = outlet;
    }

    void query(Asked done, Running running) {
        cycle(Expected.of(Expected.Kind.QUERY), done, running);
    }

    void call(Asked done, Running running, Portal call) {
        Expected expected = Expected.of(Expected.Kind.FUNCTION_CALL);
        expected.portal = call;
        cycle(expected, done, running);
    }

    private void cycle(Expected expected, Asked done, Running running) {
        expected.command = done.number();
        expected.running = running;
        expected.about = running;
        outlet.forward(kept.take(done.bytes()));
        answers.expect(expected);
        pipeline.queried(done.reading());
    }

    void execute(Asked done, Running running, Execute execute) {
        Portal portal = done.portal();
        if (portal == null) {
            throw new IllegalStateException("an Execute without its portal");
        }
        Segment segment = kept.segment();
        int executeLength = done.bytes() - segment.bytes;
        boolean describe = !running.mask.none() && portal.columns == null && !describes(segment, portal);
        if (describe) {
            Expected own = Expected.own(Expected.Kind.DESCRIBE_PORTAL);
            own.portal = portal;
            outlet.forward(kept.take(segment.bytes));
            outlet.forward(PostgresCodec.encode(allocator, new Describe(Kind.PORTAL, execute.portal())));
            outlet.forward(kept.take(executeLength));
            segment.expected.add(own);
        } else {
            outlet.forward(kept.take(done.bytes()));
        }
        segment.expected.add(execution(portal, running));
        forwarded(done.number(), running);
        pipeline.executed(running, done.reading());
    }

    /** What is kept of the segment, where it runs nothing. */
    void segment() {
        segment(0, null);
    }

    /** More rows of a suspended portal, by the command that runs it; or nothing, of a statement that says nothing. */
    void fetch(Portal portal, int length) {
        Running suspended = portal.suspended;
        kept.segment().add(length, execution(portal, suspended));
        segment(suspended == null ? 0 : suspended.number, null);
    }

    /** @param running of a command that is only prepared: through once its last part is */
    void segment(long number, @Nullable Running running) {
        Segment segment = kept.segment();
        outlet.forward(kept.take(segment.bytes));
        Expected last = running == null ? null : lastPart(segment);
        if (last != null) {
            last.running = running;
        }
        forwarded(number, running);
    }

    private static @Nullable Expected lastPart(Segment segment) {
        for (int i = segment.expected.size() - 1; i >= 0; i--) {
            Expected one = segment.expected.get(i);
            if (one.kind == Expected.Kind.PARSE || one.kind == Expected.Kind.BIND) {
                return one;
            }
        }
        return null;
    }

    private static boolean describes(Segment segment, Portal portal) {
        for (Expected one : segment.expected) {
            if (one.kind == Expected.Kind.DESCRIBE_PORTAL && one.portal == portal) {
                return true;
            }
        }
        return false;
    }

    /** The segment's bytes are on their way: answers are due, and its names hold unless the target says otherwise. */
    private void forwarded(long number, @Nullable Running about) {
        Segment segment = kept.segment();
        for (Expected expected : segment.expected) {
            expected.command = number;
            expected.about = expected.running == null ? about : expected.running;
            if (expected.kind == Expected.Kind.PARSE) {
                expected.before = names.statement(expected.name);
                names.named(expected.name, expected.prepared);
            }
            answers.expect(expected);
        }
        Bind bind = segment.bind;
        if (bind != null && segment.portal != null) {
            segment.portal.mask = about == null ? AnswerMask.NONE : about.mask;
            names.bound(bind.portal(), segment.portal);
        }
        kept.nextSegment();
        pipeline.forwarded();
    }

    private static Expected execution(Portal portal, @Nullable Running running) {
        Expected expected = Expected.of(Expected.Kind.EXECUTE);
        expected.portal = portal;
        expected.running = running;
        return expected;
    }
}
