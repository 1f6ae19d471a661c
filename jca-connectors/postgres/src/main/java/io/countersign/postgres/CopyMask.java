package io.countersign.postgres;

import io.countersign.api.Mask;
import io.countersign.core.Masker;
import io.countersign.postgres.message.Opaque;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Hides values in the lines of a COPY TO STDOUT in text or CSV format (COPY, "File Formats"): whole columns by their place,
 * and what detectors find. The server sends one line a message.
 */
final class CopyMask {

    private final Masker masker;
    private final List<Optional<Mask>> columns;
    private final boolean places;
    private final boolean csv;
    private boolean header;

    /**
     * @param columns the mask for each place; none where only detectors look
     * @param csv     whether fields are separated by commas, and quoted
     * @param header  whether the first line has names
     */
    CopyMask(Masker masker, List<Optional<Mask>> columns, boolean csv, boolean header) {
        this.masker = masker;
        this.columns = List.copyOf(columns);
        this.places = columns.stream().anyMatch(Optional::isPresent);
        this.csv = csv;
        this.header = header;
    }

    static CopyMask detecting(Masker masker) {
        return new CopyMask(masker, List.of(), false, false);
    }

    /**
     * Writes what goes out instead of a line.
     *
     * @param frame   holds the whole CopyData frame at an index
     * @param instead asked once for where to write, where anything does
     * @return false where the line may pass as it is
     */
    boolean apply(ByteBuf frame, int index, int length, Supplier<ByteBuf> instead) {
        if (header) {
            header = false;
            return false;
        }
        Window window = Window.on(frame, index, length);
        byte[] bytes = window.bytes();
        int from = window.place(index) + PostgresCodec.HEADER;
        int to = window.place(index) + length;
        if (!places && window.next(masker, from) >= to) {
            return false;
        }
        boolean holdsBytes = HexBytes.mayStandIn(bytes, from, to);
        long possible = masker.possible(bytes, from, to);
        if (!places && possible == 0 && !holdsBytes) {
            return false;
        }
        String line = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        String shown = places
                ? hideFields(line)
                : holdsBytes ? HexBytes.hideDetected(line, masker) : masker.hideDetected(line, possible);
        if (line.equals(shown)) {
            return false;
        }
        // A whole line cannot be NULL; the word keeps the line's end.
        String text = shown == null ? Masker.REDACTED + "\n" : shown;
        new Opaque(Opaque.COPY_DATA, text.getBytes(StandardCharsets.UTF_8)).encode(instead.get());
        return true;
    }

    private String hideFields(String line) {
        String body = line.endsWith("\n") ? line.substring(0, line.length() - 1) : line;
        List<String> fields = csv ? csv(body) : List.of(body.split("\t", -1));
        StringBuilder shown = new StringBuilder();
        // Otherwise the line was not understood, or the table is no longer as it was: nobody knows whose field is
        // whose.
        boolean known = fields.size() == columns.size() && fields.stream().allMatch(this::whole);
        for (int i = 0; i < fields.size(); i++) {
            shown.append(i == 0 ? "" : csv ? "," : "\t");
            shown.append(known ? hide(columns.get(i), fields.get(i)) : nothing());
        }
        return shown.append(line, body.length(), line.length()).toString();
    }

    /** By the mask of its place, or else what detectors find: what was enciphered is not looked at again. */
    private String hide(Optional<Mask> mask, String field) {
        if (field.equals(nothing())) {
            return field;
        }
        String value = csv ? unquoted(field) : CopyText.read(field);
        String shown = mask.isPresent() ? masker.hide(mask.get(), value) : HexBytes.hideDetected(value, masker);
        if (shown == null) {
            return nothing();
        }
        if (shown.equals(value)) {
            return field;
        }
        return csv ? '"' + shown.replace("\"", "\"\"") + '"' : CopyText.written(shown);
    }

    /** Whether quotes are where a server writes them: around all of a field or nowhere. */
    private boolean whole(String field) {
        if (!csv || field.indexOf('"') < 0) {
            return true;
        }
        return field.length() > 1
                && field.startsWith("\"")
                && field.endsWith("\"")
                && unquoted(field).replace("\"", "\"\"").length() == field.length() - 2;
    }

    private String nothing() {
        return csv ? "" : "\\N";
    }

    private static String unquoted(String field) {
        return field.startsWith("\"") ? field.substring(1, field.length() - 1).replace("\"\"", "\"") : field;
    }

    /** Fields with their quotes; a quote inside quotes is doubled. */
    private static List<String> csv(String line) {
        List<String> fields = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(line.substring(start, i));
                start = i + 1;
            }
        }
        fields.add(line.substring(start));
        return fields;
    }
}
