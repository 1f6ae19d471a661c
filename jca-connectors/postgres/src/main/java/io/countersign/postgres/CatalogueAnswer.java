package io.countersign.postgres;

import io.countersign.postgres.Catalogue.Behind;
import io.countersign.postgres.Catalogue.Name;
import io.countersign.postgres.Catalogue.Source;
import io.countersign.postgres.Catalogue.Table;
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
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads what a target answers to a {@link CatalogueQuestion}. */
final class CatalogueAnswer {

    private static final Set<String> SYSTEM = Set.of("pg_catalog", "information_schema");

    /** A column of a relation, by its number. */
    private record Place(int table, int number) {}

    private final Map<Integer, Table> tables = new HashMap<>();
    private final Map<Integer, String> rules = new HashMap<>();
    private final Map<Integer, Map<Integer, Source>> sources = new HashMap<>();
    private final Map<Integer, List<Name>> kin = new HashMap<>();
    private final Map<Place, Set<Integer>> generated = new HashMap<>();
    private final Set<Place> opaque = new HashSet<>();
    private final Set<Integer> harmless = new HashSet<>();

    private CatalogueAnswer() {}

    /** The tables that it tells of, by object id. */
    static Map<Integer, Table> tables(List<DataRow> rows) {
        CatalogueAnswer answer = new CatalogueAnswer();
        rows.forEach(answer::take);
        ColumnOrigins origins = new ColumnOrigins(answer.rules, answer.harmless::contains);
        return answer.tables.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> answer.whole(entry.getKey(), entry.getValue(), origins)));
    }

    private void take(DataRow row) {
        int oid = (int) Long.parseLong(text(row, 1));
        Name name = new Name(text(row, 2), text(row, 3));
        int number = Integer.parseInt(text(row, 5));
        String column = text(row, 6);
        String said = text(row, 7);
        switch (text(row, 0)) {
            case "column" -> {
                boolean view = text(row, 4).matches("[vm]") && !SYSTEM.contains(name.schema());
                Table table = tables.computeIfAbsent(
                        oid, key -> new Table(name, view, new TreeMap<>(), new ArrayList<>(), Map.of()));
                table.columns().put(number, column);
                if (said.isEmpty()) {
                    table.copied().add(column);
                }
                if (!view) {
                    source(oid, number, new Source(name, column));
                }
            }
            case "rule" -> rules.put(oid, said);
            case "source" -> source(oid, number, new Source(name, column));
            case "kin" -> kin.computeIfAbsent(oid, key -> new ArrayList<>()).add(name);
            case "generated" ->
                generated
                        .computeIfAbsent(new Place(oid, number), key -> new HashSet<>())
                        .add(Integer.parseInt(said));
            case "generating" -> {
                if (!showsNothing(name)) {
                    opaque.add(new Place(oid, number));
                }
            }
            default -> {
                if (showsNothing(name)) {
                    harmless.add(oid);
                }
            }
        }
    }

    private void source(int oid, int number, Source source) {
        sources.computeIfAbsent(oid, key -> new TreeMap<>()).put(number, source);
    }

    private static boolean showsNothing(Name function) {
        return HarmlessFunctions.showNothing(List.of(function.schema(), function.name()));
    }

    private Table whole(int oid, Table table, ColumnOrigins origins) {
        Map<String, Behind> behind = new HashMap<>();
        table.columns().forEach((number, column) -> {
            Behind made = table.view() ? behind(origins.of(oid, number)) : others(oid, number);
            if (!made.equals(Behind.NOTHING)) {
                behind.put(column, made);
            }
        });
        return new Table(
                table.name(),
                table.view(),
                Collections.unmodifiableSortedMap(table.columns()),
                List.copyOf(table.copied()),
                Map.copyOf(behind));
    }

    /** What a view's column is made of. */
    private Behind behind(Origin origin) {
        Behind all = new Behind(List.of(), origin.plain(), origin.sure());
        for (ColumnOrigins.Column column : origin.columns()) {
            Map<Integer, Source> known = sources.getOrDefault(column.table(), Map.of());
            boolean sure = known.values().stream().noneMatch(Relations::ofStatistics)
                    && (column.number() == 0 ? !known.isEmpty() : known.containsKey(column.number()));
            all = all.and(new Behind(List.of(), true, sure));
            for (int number : column.number() == 0 ? known.keySet() : Set.of(column.number())) {
                if (known.containsKey(number)) {
                    all = all.and(new Behind(List.of(known.get(number)), true, true))
                            .and(others(column.table(), number));
                }
            }
        }
        return all;
    }

    /** What a table's column shows besides what it is itself. */
    private Behind others(int table, int number) {
        Map<Integer, Source> columns = sources.getOrDefault(table, Map.of());
        Place place = new Place(table, number);
        Set<Integer> computed = generated.getOrDefault(place, Set.of());
        List<Source> found = new ArrayList<>();
        Function<Source, List<Source>> related = column -> kin.getOrDefault(table, List.of()).stream()
                .map(name -> new Source(name, column.column()))
                .toList();
        if (columns.containsKey(number)) {
            found.addAll(related.apply(columns.get(number)));
        }
        if (computed.isEmpty() && !opaque.contains(place)) {
            return found.isEmpty() ? Behind.NOTHING : new Behind(List.copyOf(found), true, true);
        }
        columns.forEach((other, source) -> {
            if (computed.contains(other) || computed.contains(0)) {
                found.add(source);
                found.addAll(related.apply(source));
            }
        });
        return new Behind(List.copyOf(found), false, !opaque.contains(place));
    }

    private static String text(DataRow row, int column) {
        byte[] value = row.values().get(column);
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }
}
