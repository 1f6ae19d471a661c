package io.countersign.postgres;

import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.snapshot.ColumnOrigins;
import io.countersign.postgres.snapshot.ColumnOrigins.Origin;
import io.countersign.postgres.sql.HarmlessFunctions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
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

    private static final Set<String> SYSTEM = Set.of("pg_catalog", "information_schema");

    private static final String OF_SYSTEM = " n.nspname IN ('pg_catalog', 'information_schema')";

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
     * @param view    whether its columns are made of others; PostgreSQL's own views are as tables
     * @param behind  of a view: what its columns are made of, by their names
     */
    record Table(
            Name name,
            boolean view,
            SortedMap<Integer, String> columns,
            List<String> copied,
            Map<String, Behind> behind) {

        String qualified() {
            return name.toString();
        }

        /** What a view's column is made of. */
        Behind behind(String column) {
            return behind.getOrDefault(column, Behind.UNSURE);
        }
    }

    /**
     * What a view's column is made of, through other views too.
     *
     * @param plain whether it is nothing but one column as it is
     * @param sure  whether it is made of no others, as code that nobody sees could make it
     */
    record Behind(List<Source> sources, boolean plain, boolean sure) {

        private static final Behind UNSURE = new Behind(List.of(), false, false);
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

    private final AtomicLong version = new AtomicLong();
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

    /** Another one once something else may be known. */
    long version() {
        return version.get();
    }

    /** Whether {@link #load} would bring nothing new. */
    boolean knows(Asked asked) {
        long now = System.nanoTime();
        for (Integer oid : asked.oids) {
            if (!fresh(byOid.get(oid), now)) {
                return false;
            }
        }
        for (Name name : asked.names) {
            if (!fresh(byName.get(name), now)) {
                return false;
            }
        }
        return true;
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
        version.incrementAndGet();
    }

    private static boolean fresh(@Nullable Known entry, long now) {
        return entry != null && entry.fresh(now);
    }

    private void take(Asked asked, List<DataRow> rows) {
        Map<Integer, Table> found = new HashMap<>();
        Map<Integer, String> rules = new HashMap<>();
        Map<Integer, Map<Integer, Source>> sources = new HashMap<>();
        Set<Integer> harmless = new HashSet<>();
        for (DataRow row : rows) {
            int oid = (int) Long.parseLong(text(row, 1));
            Name name = new Name(text(row, 2), text(row, 3));
            int number = Integer.parseInt(text(row, 5));
            String column = text(row, 6);
            switch (text(row, 0)) {
                case "column" -> {
                    Table table = found.computeIfAbsent(
                            oid,
                            key -> new Table(
                                    name,
                                    text(row, 4).matches("[vm]") && !SYSTEM.contains(name.schema),
                                    new TreeMap<>(),
                                    new ArrayList<>(),
                                    new HashMap<>()));
                    table.columns.put(number, column);
                    if (text(row, 7).isEmpty()) {
                        table.copied.add(column);
                    }
                }
                case "rule" -> rules.put(oid, text(row, 7));
                case "source" ->
                    sources.computeIfAbsent(oid, key -> new TreeMap<>()).put(number, new Source(name, column));
                default -> {
                    if (HarmlessFunctions.showNothing(List.of(name.schema, name.name))) {
                        harmless.add(oid);
                    }
                }
            }
        }
        ColumnOrigins origins = new ColumnOrigins(rules, harmless::contains);
        found.forEach((oid, table) -> {
            if (table.view) {
                table.columns.forEach(
                        (number, column) -> table.behind.put(column, behind(origins.of(oid, number), sources)));
            }
        });
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
                            Map.copyOf(table.behind)),
                    now);
            byOid.put(oid, known);
            byName.put(table.name, known);
        });
        version.incrementAndGet();
    }

    private static Behind behind(Origin origin, Map<Integer, Map<Integer, Source>> sources) {
        List<Source> columns = new ArrayList<>();
        boolean known = true;
        for (ColumnOrigins.Column column : origin.columns()) {
            Map<Integer, Source> all = sources.getOrDefault(column.table(), Map.of());
            if (column.number() == 0) {
                columns.addAll(all.values());
            } else if (all.containsKey(column.number())) {
                columns.add(all.get(column.number()));
            }
            known &= all.values().stream().noneMatch(AnswerMask::statistics);
            known &= column.number() == 0 ? !all.isEmpty() : all.containsKey(column.number());
        }
        return new Behind(List.copyOf(columns), origin.plain(), origin.sure() && known);
    }

    /** Object ids are unsigned; what a view's columns are made of stands in its rule (51.45 pg_rewrite). */
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
        return "/* countersign: names of columns */ WITH RECURSIVE asked AS ("
                + "SELECT c.oid, n.nspname, c.relname, c.relkind FROM pg_catalog.pg_class c"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE c.oid IN " + oids + " OR (n.nspname, c.relname) IN " + names + "),"
                + " viewed (oid, rule) AS (SELECT c.oid, r.ev_action::pg_catalog.text FROM asked a" + rules("a.oid")
                + " UNION SELECT c.oid, r.ev_action::pg_catalog.text FROM viewed v " + found("relid")
                + rules("m.id[1]::pg_catalog.oid") + "),"
                + " behind AS (SELECT DISTINCT m.id[1]::pg_catalog.oid AS oid FROM viewed v " + found("relid") + "),"
                + " called AS (SELECT DISTINCT m.id[1]::pg_catalog.oid AS oid FROM viewed v "
                + found("(?:funcid|aggfnoid|winfnoid|opfuncid)") + ")"
                + " SELECT 'column', a.oid, a.nspname, a.relname, a.relkind, t.attnum, t.attname, t.attgenerated::pg_catalog.text"
                + " FROM asked a JOIN pg_catalog.pg_attribute t ON t.attrelid = a.oid"
                + " WHERE t.attnum > 0 AND NOT t.attisdropped"
                + " UNION ALL SELECT 'rule', v.oid, '', '', '', 0, '', v.rule FROM viewed v"
                + " UNION ALL SELECT 'source', c.oid, n.nspname, c.relname, c.relkind, t.attnum, t.attname, '' FROM behind b"
                + " JOIN pg_catalog.pg_class c ON c.oid = b.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " AND (c.relkind NOT IN ('v', 'm') OR" + OF_SYSTEM + ")"
                + " JOIN pg_catalog.pg_attribute t ON t.attrelid = c.oid AND t.attnum > 0 AND NOT t.attisdropped"
                + " UNION ALL SELECT 'calls', f.oid, n.nspname, f.proname, '', 0, '', '' FROM called d"
                + " JOIN pg_catalog.pg_proc f ON f.oid = d.oid JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace"
                + " ORDER BY 1, 2, 6";
    }

    /** The rule of a relation that is a view, and not PostgreSQL's own. */
    private static String rules(String oid) {
        return " JOIN pg_catalog.pg_class c ON c.oid = " + oid + " AND c.relkind IN ('v', 'm')"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND NOT" + OF_SYSTEM
                + " JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid AND r.ev_type = '1'";
    }

    /** Every object id that stands in a view's rule behind one of these words. */
    private static String found(String word) {
        return "CROSS JOIN LATERAL pg_catalog.regexp_matches(v.rule, ' :" + word + " (\\d+) ', 'g') AS m (id)";
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
