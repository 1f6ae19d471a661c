package io.countersign.postgres;

import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.Utf8;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Bound values as people read them. The exact bytes go along; a form that is not known here is shown as it is. */
final class BindValues {

    /** Names of common types by object id (pg_type.dat). */
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(16, "bool"),
            Map.entry(17, "bytea"),
            Map.entry(18, "char"),
            Map.entry(19, "name"),
            Map.entry(20, "int8"),
            Map.entry(21, "int2"),
            Map.entry(23, "int4"),
            Map.entry(25, "text"),
            Map.entry(26, "oid"),
            Map.entry(114, "json"),
            Map.entry(700, "float4"),
            Map.entry(701, "float8"),
            Map.entry(1042, "bpchar"),
            Map.entry(1043, "varchar"),
            Map.entry(1082, "date"),
            Map.entry(1083, "time"),
            Map.entry(1114, "timestamp"),
            Map.entry(1184, "timestamptz"),
            Map.entry(1700, "numeric"),
            Map.entry(2950, "uuid"),
            Map.entry(3802, "jsonb"));

    private static final LocalDate EPOCH = LocalDate.of(2000, 1, 1);

    private BindValues() {}

    static List<io.countersign.api.Bind> read(Bind bind, List<Integer> types) {
        if (bind.values().isEmpty()) {
            return List.of();
        }
        List<io.countersign.api.Bind> values = new ArrayList<>(bind.values().size());
        for (int i = 0; i < bind.values().size(); i++) {
            int type = i < types.size() ? types.get(i) : 0;
            String name = type == 0 ? "" : NAMES.getOrDefault(type, Integer.toUnsignedString(type));
            byte[] bytes = bind.values().get(i);
            if (bytes == null) {
                values.add(new io.countersign.api.Bind(name, null, null));
            } else {
                Optional<String> text = bind.binary(i) ? binary(type, bytes) : utf8(bytes);
                values.add(text.map(shown -> new io.countersign.api.Bind(name, shown, bytes))
                        .orElseGet(() -> io.countersign.api.Bind.binary(name, bytes)));
            }
        }
        return values;
    }

    /** Binary formats as the types' send functions write them: big-endian, days and microseconds since 2000-01-01. */
    private static Optional<String> binary(int type, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return switch (type) {
            case 16 -> sized(bytes, 1) ? Optional.of(bytes[0] == 0 ? "false" : "true") : Optional.empty();
            case 21 -> sized(bytes, 2) ? Optional.of(String.valueOf(in.getShort())) : Optional.empty();
            case 23 -> sized(bytes, 4) ? Optional.of(String.valueOf(in.getInt())) : Optional.empty();
            case 26 -> sized(bytes, 4) ? Optional.of(Integer.toUnsignedString(in.getInt())) : Optional.empty();
            case 20 -> sized(bytes, 8) ? Optional.of(String.valueOf(in.getLong())) : Optional.empty();
            case 700 -> sized(bytes, 4) ? Optional.of(String.valueOf(in.getFloat())) : Optional.empty();
            case 701 -> sized(bytes, 8) ? Optional.of(String.valueOf(in.getDouble())) : Optional.empty();
            case 1082 -> sized(bytes, 4) ? Optional.of(date(in.getInt())) : Optional.empty();
            case 1114 -> sized(bytes, 8) ? Optional.of(timestamp(in.getLong()).toString()) : Optional.empty();
            case 1184 ->
                sized(bytes, 8)
                        ? Optional.of(timestamp(in.getLong())
                                .toInstant(ZoneOffset.UTC)
                                .toString())
                        : Optional.empty();
            case 2950 ->
                sized(bytes, 16) ? Optional.of(new UUID(in.getLong(), in.getLong()).toString()) : Optional.empty();
            case 18, 19, 25, 114, 1042, 1043 -> utf8(bytes);
            case 3802 -> bytes.length > 0 && bytes[0] == 1 ? utf8(bytes, 1) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static boolean sized(byte[] bytes, int length) {
        return bytes.length == length;
    }

    private static String date(int days) {
        return switch (days) {
            case Integer.MAX_VALUE -> "infinity";
            case Integer.MIN_VALUE -> "-infinity";
            default -> EPOCH.plusDays(days).toString();
        };
    }

    private static LocalDateTime timestamp(long micros) {
        return LocalDateTime.ofInstant(
                Instant.ofEpochSecond(
                        EPOCH.toEpochDay() * 86_400 + Math.floorDiv(micros, 1_000_000L),
                        Math.floorMod(micros, 1_000_000L) * 1_000),
                ZoneOffset.UTC);
    }

    private static Optional<String> utf8(byte[] bytes) {
        return utf8(bytes, 0);
    }

    private static Optional<String> utf8(byte[] bytes, int from) {
        try {
            return Optional.of(Utf8.decode(bytes, from, bytes.length - from));
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
