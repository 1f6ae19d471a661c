package io.countersign.postgres;

import io.countersign.postgres.message.DataRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
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
     * @param view    whether its columns are made of others; PostgreSQL's own views are as tables
     * @param behind  what columns are made of, by their names; of a table only those that are more than themselves
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

        /** What a column is made of besides itself. */
        Behind behind(String column) {
            return behind.getOrDefault(column, view ? Behind.UNSURE : Behind.NOTHING);
        }
    }

    /**
     * What a view's column is made of, through other views too; of which columns a table's generated one is computed (5.4); and
     * under which other names its rows are shown, as those of partitions and of tables that inherit are (5.11, 5.12).
     *
     * @param plain whether it is nothing but one column as it is
     * @param sure  whether it is made of no others, as code that nobody sees could make it
     */
    record Behind(List<Source> sources, boolean plain, boolean sure) {

        static final Behind NOTHING = new Behind(List.of(), true, true);

        private static final Behind UNSURE = new Behind(List.of(), false, false);

        Behind and(Behind other) {
            List<Source> both = new ArrayList<>(sources);
            both.addAll(other.sources);
            return new Behind(List.copyOf(both), plain && other.plain, sure && other.sure);
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

    private final AtomicLong version = new AtomicLong();

    /** Left to those who read it, and made anew, where all is forgotten: nobody judges by one half of it. */
    private volatile Map<Integer, Known> byOid = new ConcurrentHashMap<>();

    private volatile Map<Name, Known> byName = new ConcurrentHashMap<>();

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
        return table(byName, name);
    }

    /**
     * What is known of all of these at one moment, as {@link #table(Name)} has it. Where one of them is not known, none is: a
     * table of the same name in another schema must not pass for it.
     */
    Function<Name, @Nullable Table> tables(Set<Name> names) {
        Map<Name, Known> known = byName;
        return known.keySet().containsAll(names) ? name -> table(known, name) : name -> null;
    }

    private static @Nullable Table table(Map<Name, Known> known, Name name) {
        Known entry = known.get(name);
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
        ask.apply(CatalogueQuestion.about(asked))
                .thenAccept(rows -> take(asked, rows))
                .whenComplete((done, failure) -> {
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
        byOid = new ConcurrentHashMap<>();
        byName = new ConcurrentHashMap<>();
        version.incrementAndGet();
    }

    private static boolean fresh(@Nullable Known entry, long now) {
        return entry != null && entry.fresh(now);
    }

    private void take(Asked asked, List<DataRow> rows) {
        if (byOid.size() + byName.size() > MOST_KNOWN) {
            forget();
        }
        long now = System.nanoTime();
        Map<Integer, Table> tables = CatalogueAnswer.tables(rows);
        // What is there is never missing meanwhile: others judge by it.
        Set<Name> there = new HashSet<>();
        tables.forEach((oid, table) -> {
            Known known = new Known(table, now);
            byOid.put(oid, known);
            byName.put(table.name, known);
            there.add(table.name);
        });
        asked.oids.stream()
                .filter(oid -> !tables.containsKey(oid))
                .forEach(oid -> byOid.put(oid, new Known(null, now)));
        asked.names.stream()
                .filter(name -> !there.contains(name))
                .forEach(name -> byName.put(name, new Known(null, now)));
        version.incrementAndGet();
    }
}
