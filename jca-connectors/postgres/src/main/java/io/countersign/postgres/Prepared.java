package io.countersign.postgres;

import io.countersign.postgres.message.RowDescription;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A prepared statement of the session, by Parse or by PREPARE.
 *
 * <p>Parameter types may become known after it was made, by ParameterDescription. Confined to the session's event loop.
 */
final class Prepared {

    /** Bytes of a description that is kept to know it again: some nine columns. */
    private static final int LONGEST_KEPT = 256;

    final Reading reading;
    List<Integer> types;

    /** That keeps memory. */
    final Footprint.Text text;

    /** What the target last said of its columns, as it came and as it reads; mostly it says the same again. */
    private @Nullable ByteBuf described;

    private @Nullable RowDescription columns;

    Prepared(Reading reading, List<Integer> types) {
        this(reading, types, new Footprint.Text(reading.text()));
    }

    Prepared(Reading reading, List<Integer> types, Footprint.Text text) {
        this.reading = reading;
        this.types = types;
        this.text = text;
    }

    /** The columns that a RowDescription frame tells of one of its portals; the same instance where it says the same. */
    RowDescription columns(ByteBuf buffer, int at, int length) {
        RowDescription known = columns;
        ByteBuf frame = described;
        if (known != null
                && frame != null
                && frame.readableBytes() == length
                && ByteBufUtil.equals(frame, 0, buffer, at, length)) {
            return known;
        }
        RowDescription read = (RowDescription) PostgresCodec.backend(buffer, at, length);
        if (length <= LONGEST_KEPT) {
            byte[] bytes = new byte[length];
            buffer.getBytes(at, bytes);
            described = Unpooled.wrappedBuffer(bytes);
            columns = read;
        }
        return read;
    }
}
