package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * CopyInResponse, CopyOutResponse, CopyBothResponse (B): bulk data flows from now on; both ways in replication only, which
 * the gateway does not carry.
 *
 * @param way    the message's type: {@link #IN}, {@link #OUT} or {@link #BOTH}
 * @param binary whether the whole COPY is binary
 */
public record CopyResponse(byte way, boolean binary, List<Short> formats) implements BackendMessage {

    public static final byte IN = 'G';
    public static final byte OUT = 'H';
    public static final byte BOTH = 'W';

    public CopyResponse {
        formats = List.copyOf(formats);
    }

    static CopyResponse decode(byte way, ByteBuf in) {
        byte format = Wire.int8(in, "COPY format");
        if (format < 0 || format > 1) {
            throw Malformed.violation("COPY format is " + format + ", allowed are 0 and 1");
        }
        int count = Wire.int16(in, "COPY column count");
        List<Short> formats = new ArrayList<>(Math.min(count, in.readableBytes() / 2));
        for (int i = 0; i < count; i++) {
            formats.add((short) Wire.int16(in, "COPY column format"));
        }
        Wire.end(in, "CopyResponse");
        return new CopyResponse(way, format == 1, formats);
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, way, to -> {
            to.writeByte(binary ? 1 : 0).writeShort(formats.size());
            formats.forEach(to::writeShort);
        });
    }
}
