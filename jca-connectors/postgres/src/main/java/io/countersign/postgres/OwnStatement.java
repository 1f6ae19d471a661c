package io.countersign.postgres;

import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.Close;
import io.countersign.postgres.message.Execute;
import io.countersign.postgres.message.Kind;
import io.countersign.postgres.message.Parse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement of the gateway's own in the client's session, by the extended protocol (54.2.3). It has a name, because the
 * client may be using the unnamed one, and is closed at once; closed first, too, because one before it may have failed.
 */
final class OwnStatement {

    private static final String NAME = "countersign's own";

    private OwnStatement() {}

    /** Everything but the Sync or Flush at the end, to be sent any number of times. */
    static ByteBuf constant(String text) {
        return constant(text, List.of());
    }

    /** @param shown format of each column of its answer, as in {@link Bind} */
    static ByteBuf constant(String text, List<Short> shown) {
        ByteBuf out = Unpooled.buffer();
        encode(out, text, List.of(), List.of(), List.of(), shown);
        return Unpooled.unreleasableBuffer(out).asReadOnly();
    }

    /**
     * The same for one that has parameters.
     *
     * @param types   object ids, 0 where the target is to find out
     * @param formats and values as in {@link Bind}
     */
    static void encode(
            ByteBuf out, String text, List<Integer> types, List<Short> formats, List<byte @Nullable []> values) {
        encode(out, text, types, formats, values, List.of());
    }

    private static void encode(
            ByteBuf out,
            String text,
            List<Integer> types,
            List<Short> formats,
            List<byte @Nullable []> values,
            List<Short> shown) {
        new Close(Kind.STATEMENT, NAME).encode(out);
        new Parse(NAME, text, types).encode(out);
        new Bind(NAME, NAME, formats, values, shown).encode(out);
        new Execute(NAME, 0).encode(out);
        new Close(Kind.PORTAL, NAME).encode(out);
        new Close(Kind.STATEMENT, NAME).encode(out);
    }

    /** What the target answers to it. */
    static List<Expected> expected(Inquiry inquiry) {
        return List.of(
                Expected.own(Expected.Kind.CLOSE_STATEMENT, inquiry),
                Expected.own(Expected.Kind.PARSE, inquiry),
                Expected.own(Expected.Kind.BIND, inquiry),
                Expected.own(Expected.Kind.EXECUTE, inquiry),
                Expected.own(Expected.Kind.CLOSE_PORTAL, inquiry),
                Expected.own(Expected.Kind.CLOSE_STATEMENT, inquiry));
    }
}
