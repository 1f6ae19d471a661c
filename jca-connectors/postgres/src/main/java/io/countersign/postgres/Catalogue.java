package io.countersign.postgres;

import io.countersign.postgres.message.DataRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the target's tables are called and made of: RowDescription names a column's origin by object id and number only, and
 * a view's column may be another table's. Asked of the target on a connection of the gateway's own, when first needed.
 */
final class Catalogue {

    /** Tables get renamed; what is known is asked again after this long. */
    private static final long FRESH_NANOS = 30_000_000_000L;

    private static final int MOST_KNOWN = 100_000;

    /** A qualified name. */
    record Name(String schema, String name) {

        @Override
        public String toString() {
            return schema + "." + name;
        }
    }

    /**
     * A relation.
     *
     * @param columns by attribute number
     * @param copied  names of the columns that a COPY without a list writes, in order
     * @param view    whether its columns are expressions over others
     * @param sources of a view: the columns of tables that it reads, through other views too
     */
    record Table(
            Name name, boolean view, SortedMap<Integer, String> columns, List<String> copied, List<Source> sources) {

        String qualified() {
            return name.toString();
        }
    }

    /** A table's column. */
    record Source(Name table, String column) {}

    /** @param table null where the target has none */
    private record Known(@Nullable Table table, long since) {

        boolean fresh(long now) {
            return now - since <= FRESH_NANOS;
        }
    }

    /** What a question is about. */
    record Asked(Set<Integer> oids, Set<Name> names) {

        static Asked byOid(Set<Integer> oids) {
            return new Asked(oids, Set.of());
        }

        static Asked byName(Set<Name> names) {
            return new Asked(Set.of(), names);
        }
    }

    private final Map<Integer, Known> byOid = new ConcurrentHashMap<>();
    private final Map<Name, Known> byName = new ConcurrentHashMap<>();
    private final Map<Asked, CompletableFuture<Void>> loading = new ConcurrentHashMap<>();
    private final Function<String, CompletionStage<List<DataRow>>> ask;

    /** @param ask runs one question on a connection of its own */
    Catalogue(Function<String, CompletionStage<List<DataRow>>> ask) {
        this.ask = ask;
    }

    /** Null where it is not known, or there is no such table. */
    @Nullable
    Table table(int oid) {
        Known entry = byOid.get(oid);
        return entry == null ? null : entry.table;
    }

    /** Null where it is not known, or there is no such table. */
    @Nullable
    Table table(Name name) {
        Known entry = byName.get(name);
        return entry == null ? null : entry.table;
    }

    /** Whether {@link #load} would bring nothing new. */
    boolean knows(Asked asked) {
        long now = System.nanoTime();
        return asked.oids.stream().allMatch(oid -> fresh(byOid.get(oid), now))
                && asked.names.stream().allMatch(name -> fresh(byName.get(name), now));
    }

    /** Asks the target, once for all who ask the same at the same time. A table it does not see stays unknown. */
    CompletionStage<Void> load(Asked asked) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> running = loading.putIfAbsent(asked, mine);
        if (running != null) {
            return running;
        }
        ask.apply(question(asked)).thenAccept(rows -> take(asked, rows)).whenComplete((done, failure) -> {
            loading.remove(asked, mine);
            if (failure == null) {
                mine.complete(null);
            } else {
                mine.completeExceptionally(failure);
            }
        });
        return mine;
    }

    /** The target's structure may have changed. */
    void forget() {
        byOid.clear();
        byName.clear();
    }

    private static boolean fresh(@Nullable Known entry, long now) {
        return entry != null && entry.fresh(now);
    }

    private void take(Asked asked, List<DataRow> rows) {
        Map<Integer, Table> found = new HashMap<>();
        for (DataRow row : rows) {
            int oid = (int) Long.parseLong(text(row, 1));
            Table table = found.computeIfAbsent(
                    oid,
                    key -> new Table(
                            new Name(text(row, 2), text(row, 3)),
                            !text(row, 4).matches("[rp]"),
                            new TreeMap<>(),
                            new ArrayList<>(),
                            new ArrayList<>()));
            String column = text(row, 6);
            if (text(row, 0).equals("column")) {
                table.columns.put(Integer.parseInt(text(row, 5)), column);
                if (text(row, 7).isEmpty()) {
                    table.copied.add(column);
                }
            } else {
                table.sources.add(new Source(new Name(text(row, 7), text(row, 8)), column));
            }
        }
        if (byOid.size() + byName.size() > MOST_KNOWN) {
            forget();
        }
        long now = System.nanoTime();
        asked.oids.forEach(oid -> byOid.put(oid, new Known(null, now)));
        asked.names.forEach(name -> byName.put(name, new Known(null, now)));
        found.forEach((oid, table) -> {
            Known known = new Known(
                    new Table(
                            table.name,
                            table.view,
                            Collections.unmodifiableSortedMap(table.columns),
                            List.copyOf(table.copied),
                            List.copyOf(table.sources)),
                    now);
            byOid.put(oid, known);
            byName.put(table.name, known);
        });
    }

    /** Object ids are unsigned; a view's rule depends on every column it reads (51.18 pg_depend). */
    private static String question(Asked asked) {
        // No table has the id 0 or an empty name; both stand there so that no list is empty.
        String oids = "(0"
                + asked.oids.stream()
                        .map(oid -> "," + Integer.toUnsignedString(oid))
                        .collect(Collectors.joining()) + ")";
        String names = "(('','')"
                + asked.names.stream()
                        .map(name -> ",(" + literal(name.schema) + "," + literal(name.name) + ")")
                        .collect(Collectors.joining())
                + ")";
        String reads = " JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass"
                + " AND d.objid = r.oid AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass"
                + " AND d.refobjsubid > 0";
        return "/* countersign: names of columns */ WITH RECURSIVE asked AS ("
                + "SELECT c.oid, n.nspname, c.relname, c.relkind FROM pg_catalog.pg_class c"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE c.oid IN " + oids + " OR (n.nspname, c.relname) IN " + names + "),"
                + " reads (viewed, relation, attribute) AS ("
                + "SELECT a.oid, d.refobjid, d.refobjsubid FROM asked a"
                + " JOIN pg_catalog.pg_rewrite r ON r.ev_class = a.oid" + reads
                + " WHERE a.relkind IN ('v', 'm') AND d.refobjid <> a.oid"
                + " UNION SELECT s.viewed, d.refobjid, d.refobjsubid FROM reads s"
                + " JOIN pg_catalog.pg_rewrite r ON r.ev_class = s.relation" + reads
                + " WHERE d.refobjid <> s.relation)"
                + " SELECT 'column', a.oid, a.nspname, a.relname, a.relkind, t.attnum, t.attname, t.attgenerated::pg_catalog.text, ''"
                + " FROM asked a JOIN pg_catalog.pg_attribute t ON t.attrelid = a.oid"
                + " WHERE t.attnum > 0 AND NOT t.attisdropped"
                + " UNION ALL SELECT 'source', a.oid, a.nspname, a.relname, a.relkind, t.attnum, t.attname,"
                + " n.nspname::pg_catalog.text, c.relname FROM reads s JOIN asked a ON a.oid = s.viewed"
                + " JOIN pg_catalog.pg_class c ON c.oid = s.relation AND c.relkind NOT IN ('v', 'm')"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " JOIN pg_catalog.pg_attribute t ON t.attrelid = s.relation AND t.attnum = s.attribute"
                + " ORDER BY 1, 2, 6";
    }

    /** standard_conforming_strings is on: only the quote itself needs care (4.1.2.1). */
    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String text(DataRow row, int column) {
        byte[] value = row.values().get(column);
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }
}
