package io.countersign.postgres;

import io.countersign.postgres.message.DataRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which table and column an answer's column comes from: RowDescription names them by object id and number only. Asked of
 * the target on a connection of the gateway's own, when first needed.
 */
final class Catalogue {

    /** Tables get renamed; what is known is asked again after this long. */
    private static final long FRESH_NANOS = 30_000_000_000L;

    /**
     * A relation.
     *
     * @param columns by attribute number
     * @param view    whether its columns are expressions over others
     * @param sources of a view: the columns of tables that it reads, through other views too
     */
    record Table(String schema, String name, boolean view, Map<Integer, String> columns, List<Source> sources) {

        String qualified() {
            return schema + "." + name;
        }
    }

    /** @param table qualified name */
    record Source(String table, String column) {}

    private record Known(@Nullable Table table, long since) {}

    private final Map<Integer, Known> known = new ConcurrentHashMap<>();
    private final Function<String, CompletionStage<List<DataRow>>> ask;

    /** @param ask runs one question on a connection of its own */
    Catalogue(Function<String, CompletionStage<List<DataRow>>> ask) {
        this.ask = ask;
    }

    /** Null where it is not known, or there is no such table. */
    @Nullable
    Table table(int oid) {
        Known entry = known.get(oid);
        return entry == null ? null : entry.table;
    }

    /** Whether {@link #load} would bring nothing new. */
    boolean knows(Collection<Integer> oids) {
        long now = System.nanoTime();
        for (int oid : oids) {
            Known entry = known.get(oid);
            if (entry == null || now - entry.since > FRESH_NANOS) {
                return false;
            }
        }
        return true;
    }

    /** Asks the target. A table it does not see stays unknown. */
    CompletionStage<Void> load(Set<Integer> oids) {
        return ask.apply(question(oids)).thenAccept(rows -> take(oids, rows));
    }

    /** The target's structure may have changed. */
    void forget() {
        known.clear();
    }

    private void take(Set<Integer> oids, List<DataRow> rows) {
        record Found(String schema, String name, boolean view, Map<Integer, String> columns, List<Source> sources) {}
        Map<Integer, Found> found = new HashMap<>();
        for (DataRow row : rows) {
            int oid = (int) Long.parseLong(text(row, 1));
            Found table = found.computeIfAbsent(
                    oid,
                    key -> new Found(
                            text(row, 2),
                            text(row, 3),
                            !text(row, 4).matches("[rp]"),
                            new HashMap<>(),
                            new ArrayList<>()));
            if (text(row, 0).equals("column")) {
                table.columns.put(Integer.parseInt(text(row, 5)), text(row, 6));
            } else {
                table.sources.add(new Source(text(row, 7), text(row, 6)));
            }
        }
        long now = System.nanoTime();
        for (int oid : oids) {
            Found table = found.get(oid);
            known.put(
                    oid,
                    new Known(
                            table == null
                                    ? null
                                    : new Table(
                                            table.schema,
                                            table.name,
                                            table.view,
                                            Map.copyOf(table.columns),
                                            List.copyOf(table.sources)),
                            now));
        }
    }

    /** Object ids are unsigned; a view's rule depends on every column it reads (pg_depend). */
    private static String question(Set<Integer> oids) {
        String list = oids.stream().map(Integer::toUnsignedString).collect(Collectors.joining(","));
        return "/* countersign: names of columns */ WITH RECURSIVE asked AS ("
                + "SELECT c.oid, n.nspname, c.relname, c.relkind FROM pg_catalog.pg_class c"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid IN (" + list + ")),"
                + " reads (viewed, relation, attribute) AS ("
                + "SELECT a.oid, d.refobjid, d.refobjsubid FROM asked a"
                + " JOIN pg_catalog.pg_rewrite r ON r.ev_class = a.oid"
                + " JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass"
                + " AND d.objid = r.oid AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass"
                + " AND d.refobjsubid > 0 WHERE a.relkind IN ('v', 'm')"
                + " UNION SELECT s.viewed, d.refobjid, d.refobjsubid FROM reads s"
                + " JOIN pg_catalog.pg_rewrite r ON r.ev_class = s.relation"
                + " JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass"
                + " AND d.objid = r.oid AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass"
                + " AND d.refobjsubid > 0 AND d.refobjid <> s.relation)"
                + " SELECT 'column', a.oid, a.nspname, a.relname, a.relkind, t.attnum, t.attname, ''"
                + " FROM asked a JOIN pg_catalog.pg_attribute t ON t.attrelid = a.oid"
                + " WHERE t.attnum > 0 AND NOT t.attisdropped"
                + " UNION ALL SELECT 'source', a.oid, a.nspname, a.relname, a.relkind, t.attnum, t.attname,"
                + " n.nspname || '.' || c.relname FROM reads s JOIN asked a ON a.oid = s.viewed"
                + " JOIN pg_catalog.pg_class c ON c.oid = s.relation AND c.relkind NOT IN ('v', 'm')"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " JOIN pg_catalog.pg_attribute t ON t.attrelid = s.relation AND t.attnum = s.attribute";
    }

    private static String text(DataRow row, int column) {
        byte[] value = row.values().get(column);
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }
}
