package io.countersign.postgres;

import io.countersign.api.Mask;
import io.countersign.core.Masker;
import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.message.Malformed;
import io.countersign.postgres.message.RowDescription.Field;
import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Hides values in the rows of one shape. Rows in which there is nothing to hide are left as they are. */
final class RowMask {

    /** Object ids of pg_catalog's types (pg_type.dat); they never change. */
    private static final class Type {
        static final int BYTEA = 17;
        static final int JSON = 114;
        static final int JSONB = 3802;

        /** Values that never read as a card number or an address: boolean, numbers, dates and times, uuid, bits. */
        static final Set<Integer> WITHOUT_TEXT = Set.of(
                16, 20, 21, 23, 26, 28, 29, 700, 701, 790, 1082, 1083, 1114, 1184, 1186, 1266, 1560, 1562, 1700, 2950,
                3220);

        /** cidr, inet: their binary format does not read as an address. */
        static final Set<Integer> ADDRESSES = Set.of(650, 869);

        /** Binary format is the text itself: "char", name, text, json, xml, unknown, bpchar, varchar. */
        static final Set<Integer> TEXT = Set.of(18, 19, 25, JSON, 142, 705, 1042, 1043);
    }

    /** What happens to one column's values. */
    record Column(Action action, @Nullable Mask mask, boolean json, int skip) {

        enum Action {
            PASS,
            /** Hide the value, as text. */
            HIDE,
            /** The same, and whether there is one: that tells of what it was computed from. */
            HIDE_NULL_TOO,
            /** Hide the value; it cannot be written otherwise than as NULL. */
            NULL,
            /** Hide what a detector finds. */
            SCAN,
            /** A detector's find makes the value NULL. */
            SCAN_OPAQUE,
            /** The same, of bytes that are written as digits. */
            SCAN_BYTES,
            /** Hide what a detector finds, also in bytes that stand in the text as digits. */
            SCAN_WITH_BYTES
        }

        static final Column PASS = new Column(Action.PASS, null, false, 0);

        static Column hide(Mask mask, Field field) {
            boolean json = field.type() == Type.JSON || field.type() == Type.JSONB;
            boolean text = field.format() == 0 || Type.TEXT.contains(field.type()) || json;
            boolean asked = field.table() == 0
                    && mask.way() == Mask.Way.REDACT
                    && mask.selector() instanceof Mask.Selector.Column
                    && mask.elsewhere() == Mask.Elsewhere.REFUSE;
            Action action = asked ? Action.HIDE_NULL_TOO : Action.HIDE;
            return new Column(text ? action : Action.NULL, mask, json, skip(field));
        }

        static Column scan(Field field) {
            if (Type.WITHOUT_TEXT.contains(field.type())) {
                return PASS;
            }
            if (field.format() == 1 && Type.ADDRESSES.contains(field.type())) {
                return new Column(Action.NULL, null, false, 0);
            }
            if (field.format() == 0 && field.type() == Type.BYTEA) {
                return new Column(Action.SCAN_BYTES, null, false, 0);
            }
            boolean text = field.format() == 0 || Type.TEXT.contains(field.type()) || field.type() == Type.JSONB;
            boolean bytes = field.table() == 0 || !Type.TEXT.contains(field.type());
            Action action = text ? bytes ? Action.SCAN_WITH_BYTES : Action.SCAN : Action.SCAN_OPAQUE;
            return new Column(action, null, false, skip(field));
        }

        /** Whether only what is found in a value is hidden. */
        private boolean looks() {
            return switch (action) {
                case SCAN, SCAN_OPAQUE, SCAN_BYTES, SCAN_WITH_BYTES -> true;
                case PASS, HIDE, HIDE_NULL_TOO, NULL -> false;
            };
        }

        /** Whether a value of so many bytes, -1 where there is none, is hidden whatever it is. */
        private boolean hides(int size) {
            return size >= 0 && action != Action.PASS || action == Action.HIDE_NULL_TOO;
        }

        /** jsonb in binary has a version byte in front. */
        private static int skip(Field field) {
            return field.format() == 1 && field.type() == Type.JSONB ? 1 : 0;
        }
    }

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final Column[] columns;
    private final Masker masker;

    RowMask(Column[] columns, Masker masker) {
        this.columns = columns.clone();
        this.masker = masker;
    }

    /**
     * Writes a row with what must be hidden hidden.
     *
     * @param frame   holds the whole DataRow frame at an index
     * @param instead asked once for where to write the frame that goes out instead, where one does
     * @return how many values were hidden; 0 where the row may pass as it is
     */
    int apply(ByteBuf frame, int index, int length, Supplier<ByteBuf> instead) {
        Window window = Window.on(frame, index, length);
        byte[] row = window.bytes();
        int copied = window.place(index);
        int at = copied + PostgresCodec.HEADER;
        int rowEnd = copied + length;
        int count = at + 2 <= rowEnd ? (short) SHORT.get(row, at) & 0xffff : -1;
        if (count != columns.length) {
            throw new Malformed(
                    Malformed.PROTOCOL_VIOLATION, "a row has " + count + " columns, described were " + columns.length);
        }
        at += 2;
        int hidden = 0;
        int start = 0;
        ByteBuf out = null;
        for (Column column : columns) {
            int size = at + 4 <= rowEnd ? (int) INT.get(row, at) : Integer.MIN_VALUE;
            int value = at + 4;
            if (size < -1 || size > rowEnd - value) {
                takeBack(out, start);
                throw new Malformed(Malformed.PROTOCOL_VIOLATION, "a row's value has " + size + " bytes");
            }
            int end = value + Math.max(size, 0);
            boolean looked = column.looks() ? window.next(masker, value) < end : column.hides(size);
            if (looked) {
                byte[] shown = shown(column, row, value, end);
                if (shown != UNCHANGED) {
                    hidden++;
                    if (out == null) {
                        out = instead.get();
                        start = out.writerIndex();
                    }
                    out.writeBytes(row, copied, at - copied);
                    out.writeInt(shown == null ? -1 : shown.length);
                    if (shown != null) {
                        out.writeBytes(shown);
                    }
                    copied = end;
                }
            }
            at = end;
        }
        if (at != rowEnd) {
            takeBack(out, start);
            throw new Malformed(Malformed.PROTOCOL_VIOLATION, "a row has " + (rowEnd - at) + " bytes too many");
        }
        if (out != null) {
            out.writeBytes(row, copied, rowEnd - copied);
            out.setByte(start, DataRow.TYPE);
            out.setInt(start + 1, out.writerIndex() - start - 1);
        }
        return hidden;
    }

    /** Whether a value of its only column is hidden whatever it is. */
    boolean hidesEverything() {
        return columns[0].hides(0) && !columns[0].looks();
    }

    /** Whether this value of its only column must be hidden, or something in it. */
    boolean hides(byte @Nullable [] value) {
        Column column = columns[0];
        if (!column.looks()) {
            return column.hides(value == null ? -1 : value.length);
        }
        return value != null && shown(column, value, 0, value.length) != UNCHANGED;
    }

    /** Half a row must not go out. */
    private static void takeBack(@Nullable ByteBuf out, int start) {
        if (out != null) {
            out.writerIndex(start);
        }
    }

    private static final byte[] UNCHANGED = new byte[0];
    private static final byte[] REDACTED = Masker.REDACTED.getBytes(StandardCharsets.UTF_8);
    private static final byte[] REDACTED_JSON = ('"' + Masker.REDACTED + '"').getBytes(StandardCharsets.UTF_8);

    /** With the version of its binary format in front. */
    private static final byte[] REDACTED_JSONB = ("\1\"" + Masker.REDACTED + '"').getBytes(StandardCharsets.UTF_8);

    private byte @Nullable [] shown(Column column, byte[] row, int at, int end) {
        if (column.action == Column.Action.NULL) {
            return null;
        }
        if (column.action == Column.Action.HIDE_NULL_TOO) {
            return column.json ? column.skip == 0 ? REDACTED_JSON : REDACTED_JSONB : REDACTED;
        }
        int from = Math.min(at + column.skip, end);
        if (column.mask != null) {
            String shown = masker.hide(column.mask, new String(row, from, end - from, StandardCharsets.UTF_8));
            return shown == null ? null : withPrefix(row, at, from, column.json ? '"' + Masker.REDACTED + '"' : shown);
        }
        if (column.action == Column.Action.SCAN_BYTES && end - at >= 2 && row[at] == '\\' && row[at + 1] == 'x') {
            String digits = new String(row, at + 2, end - at - 2, StandardCharsets.US_ASCII);
            return HexBytes.detected(digits, masker) ? null : UNCHANGED;
        }
        if (column.action == Column.Action.SCAN_OPAQUE) {
            return masker.detects(row, at, end) ? null : UNCHANGED;
        }
        boolean mayHoldBytes = column.action == Column.Action.SCAN_WITH_BYTES && HexBytes.mayStandIn(row, from, end);
        long possible = masker.possible(row, from, end);
        if (!mayHoldBytes && possible == 0) {
            return UNCHANGED;
        }
        String value = new String(row, from, end - from, StandardCharsets.UTF_8);
        String shown = mayHoldBytes ? HexBytes.hideDetected(value, masker) : masker.hideDetected(value, possible);
        if (shown == null) {
            return null;
        }
        return shown.equals(value) ? UNCHANGED : withPrefix(row, at, from, shown);
    }

    /** The text after what lies in front of the value's own. */
    private static byte[] withPrefix(byte[] row, int at, int from, String shown) {
        byte[] text = shown.getBytes(StandardCharsets.UTF_8);
        if (from == at) {
            return text;
        }
        byte[] all = new byte[from - at + text.length];
        System.arraycopy(row, at, all, 0, from - at);
        System.arraycopy(text, 0, all, from - at, text.length);
        return all;
    }
}
