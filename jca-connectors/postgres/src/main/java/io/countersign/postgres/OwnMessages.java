package io.countersign.postgres;

import io.countersign.postgres.message.Describe;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.Kind;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway sends to the target of its own accord in a client's session (54.2.3), each with the answers that it is due.
 * Whether it may be sent is for {@link Pipeline} to know. Confined to the session's event loop.
 */
final class OwnMessages {

    /** No statement has this name: the client's own would have been seen. Shows in the target's log as what it is. */
    private static final String NO_STATEMENT = "refused by countersign";

    private static final ByteBuf POISON = constant(new Describe(Kind.STATEMENT, NO_STATEMENT));
    private static final ByteBuf SYNC = constant(Signal.SYNC);
    private static final ByteBuf FLUSH = constant(Signal.FLUSH);

    private final Answers answers;
    private final SessionState state;
    private final Outlet outlet;

    OwnMessages(Answers answers, SessionState state, Outlet outlet) {
        this.answers = answers;
        this.state = state;
        this.outlet = outlet;
    }

    /** Has the target answer what it was sent, without a Sync. */
    void flush() {
        outlet.forward(FLUSH.duplicate());
    }

    /** A Sync in place of the client's: it is told of its answer. */
    void sync() {
        outlet.forward(SYNC.duplicate());
        answers.expect(Expected.of(Expected.Kind.SYNC));
    }

    /** Asks for the session's state, with a Sync at the end unless the client's cycle is open. */
    void probe(boolean open) {
        Probe probe = new Probe(state, !open, outlet::unpinned);
        outlet.forward(Probe.question());
        probe.expected().forEach(answers::expect);
        if (open) {
            flush();
        } else {
            outlet.forward(SYNC.duplicate());
            answers.expect(Expected.own(Expected.Kind.SYNC));
        }
    }

    /** Some statements with a Sync at their end. */
    void ask(ByteBuf messages, int statements, OwnCycle cycle) {
        outlet.forward(messages);
        outlet.forward(SYNC.duplicate());
        for (int i = 0; i < statements; i++) {
            OwnStatement.expected(cycle).forEach(answers::expect);
        }
        answers.expect(Expected.own(Expected.Kind.SYNC, cycle));
    }

    void rollBack() {
        outlet.forward(RollBack.messages());
        OwnStatement.expected(new RollBack()).forEach(answers::expect);
    }

    /**
     * Makes the target fail: it is asked to describe a statement that does not exist.
     *
     * @param instead what the client is told; null where it was told already
     */
    void poison(@Nullable Report instead, long number) {
        Expected poison = Expected.of(Expected.Kind.POISON);
        poison.instead = instead;
        poison.command = number;
        outlet.forward(POISON.duplicate());
        answers.expect(poison);
    }

    private static ByteBuf constant(FrontendMessage message) {
        ByteBuf out = Unpooled.buffer();
        message.encode(out);
        return Unpooled.unreleasableBuffer(out).asReadOnly();
    }
}
