package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * ErrorResponse, NoticeResponse (B): what went wrong, or is worth knowing; fields as in the manual's 54.8.
 *
 * @param type   {@link #ERROR} or {@link #NOTICE}
 * @param fields by their letter, in order
 */
public record Report(byte type, Map<Character, String> fields) implements BackendMessage {

    public static final byte ERROR = 'E';
    public static final byte NOTICE = 'N';

    public Report {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** @param severity ERROR, FATAL, NOTICE, WARNING, … */
    public static Report of(byte type, String severity, String sqlState, String message) {
        Map<Character, String> fields = new LinkedHashMap<>();
        fields.put('S', severity);
        fields.put('V', severity);
        fields.put('C', sqlState);
        fields.put('M', message);
        return new Report(type, fields);
    }

    public static Report error(String sqlState, String message) {
        return of(ERROR, "ERROR", sqlState, message);
    }

    public static Report fatal(String sqlState, String message) {
        return of(ERROR, "FATAL", sqlState, message);
    }

    public static Report notice(String message) {
        return of(NOTICE, "NOTICE", "00000", message);
    }

    public Report detail(String detail) {
        return with('D', detail);
    }

    public Report hint(String hint) {
        return with('H', hint);
    }

    /** @param position of the error in the text, in characters from 1 */
    public Report position(int position) {
        return with('P', String.valueOf(position));
    }

    public String sqlState() {
        return fields.getOrDefault('C', "");
    }

    public String message() {
        return fields.getOrDefault('M', "");
    }

    /** The severity that is never translated, where the server sends it. */
    public String severity() {
        return fields.getOrDefault('V', fields.getOrDefault('S', ""));
    }

    static Report decode(byte type, ByteBuf in) {
        Map<Character, String> fields = new LinkedHashMap<>();
        while (true) {
            byte field = Wire.int8(in, "report field");
            if (field == 0) {
                Wire.end(in, "report");
                return new Report(type, fields);
            }
            fields.put((char) field, Wire.lenient(in, "report field"));
        }
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, type, to -> {
            fields.forEach((field, text) -> Wire.put(to.writeByte(field), text));
            to.writeByte(0);
        });
    }

    private Report with(char field, String text) {
        if (text.isEmpty()) {
            return this;
        }
        Map<Character, String> more = new LinkedHashMap<>(fields);
        more.put(field, text);
        return new Report(type, more);
    }
}
