package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** RowDescription (B): the columns of the rows that follow. */
public record RowDescription(List<Field> fields) implements BackendMessage {

    public static final byte TYPE = 'T';

    /**
     * One column.
     *
     * @param table    object id of the table it comes from, 0 where it is no table's column
     * @param column   its attribute number there, 0 likewise
     * @param type     object id of its type
     * @param size     of the type in bytes, negative where it varies
     * @param modifier of the type
     * @param format   0 text, 1 binary
     */
    public record Field(String name, int table, short column, int type, short size, int modifier, short format) {}

    public RowDescription {
        fields = List.copyOf(fields);
    }

    static RowDescription decode(ByteBuf in) {
        int count = Wire.int16(in, "RowDescription count");
        List<Field> fields = new ArrayList<>(Math.min(count, in.readableBytes() / 18));
        for (int i = 0; i < count; i++) {
            fields.add(new Field(
                    Wire.string(in, "column name"),
                    Wire.int32(in, "column table"),
                    (short) Wire.int16(in, "column number"),
                    Wire.int32(in, "column type"),
                    (short) Wire.int16(in, "column size"),
                    Wire.int32(in, "column modifier"),
                    (short) Wire.int16(in, "column format")));
        }
        Wire.end(in, "RowDescription");
        return new RowDescription(fields);
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> {
            to.writeShort(fields.size());
            for (Field field : fields) {
                Wire.put(to, field.name);
                to.writeInt(field.table).writeShort(field.column).writeInt(field.type);
                to.writeShort(field.size).writeInt(field.modifier).writeShort(field.format);
            }
        });
    }
}
