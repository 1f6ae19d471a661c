package io.countersign.postgres.snapshot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * Which columns of tables a view's column is made of, through subqueries, joins and other views, by the rules that the server
 * has stored for its views (51.45 pg_rewrite). What it does not know it says it is not sure of.
 */
public final class ColumnOrigins {

    /** Nodes that are looked at for one column of a view. */
    private static final int MOST_STEPS = 20_000;

    /** And for all columns together: about half a second. */
    private static final int MOST_STEPS_OF_ALL = 1_000_000;

    /** As deep as they may stand in one another. */
    private static final int DEEPEST = 400;

    /** Kinds of range table entries ({@code RTEKind} in the server's parsenodes.h). */
    private static final int RELATION = 0;

    private static final int SUBQUERY = 1;
    private static final int JOIN = 2;
    private static final int FUNCTION = 3;
    private static final int TABLE_FUNCTION = 4;
    private static final int VALUES = 5;
    private static final int EXPRESSION = 6;
    private static final int GROUP = 9;

    private static final List<String> FUNCTIONS = List.of("funcid", "aggfnoid", "winfnoid", "opfuncid");

    /**
     * A table's column, by object id and number.
     *
     * @param number from 1; 0 for all of the row
     */
    public record Column(int table, int number) {}

    /**
     * What a column is made of.
     *
     * @param plain whether it is nothing but one column as it is
     * @param sure  whether it is made of no others
     */
    public record Origin(Set<Column> columns, boolean plain, boolean sure) {

        public static final Origin UNSURE = new Origin(Set.of(), false, false);
        private static final Origin CONSTANT = new Origin(Set.of(), false, true);

        public Origin {
            columns = Set.copyOf(columns);
        }

        Origin and(Origin other) {
            Set<Column> both = new HashSet<>(columns);
            both.addAll(other.columns);
            return new Origin(both, false, sure && other.sure);
        }

        private Origin computed() {
            return new Origin(columns, false, sure);
        }
    }

    /** A query is no other, whatever it says. */
    private record Place(RuleNode query, int number) {}

    private final Map<Integer, String> rules;
    private final IntPredicate harmless;
    private final Map<Integer, Optional<RuleNode>> queries = new HashMap<>();
    private final Set<Place> open = new HashSet<>();
    private int steps;
    private int stepsOfAll;
    private int depth;

    /**
     * @param rules    of every view that can be reached, by its object id
     * @param harmless whether a function, by its object id, answers nothing but what it is given
     */
    public ColumnOrigins(Map<Integer, String> rules, IntPredicate harmless) {
        this.rules = Map.copyOf(rules);
        this.harmless = harmless;
    }

    /** @param number from 1 */
    public Origin of(int view, int number) {
        steps = 0;
        depth = 0;
        open.clear();
        return column(view, number);
    }

    private Origin column(int table, int number) {
        if (number < 0) {
            return Origin.CONSTANT;
        }
        if (!rules.containsKey(table)) {
            return new Origin(Set.of(new Column(table, number)), number > 0, true);
        }
        Optional<RuleNode> query = queries.computeIfAbsent(table, this::read);
        return query.isEmpty() ? Origin.UNSURE : answer(List.of(query.get()), number);
    }

    private Optional<RuleNode> read(int view) {
        try {
            return Optional.of(RuleNode.read(rules.getOrDefault(view, ""))).filter(node -> node.is("QUERY"));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** @param queries the query, and those that it stands in, which come first */
    private Origin answer(List<RuleNode> queries, int number) {
        RuleNode query = queries.getLast();
        if (number == 0) {
            return walk(queries.subList(0, queries.size() - 1), query).computed();
        }
        Place place = new Place(query, number);
        if (!open.add(place)) {
            // A recursive query adds nothing to what it starts from.
            return Origin.CONSTANT;
        }
        Origin origin = query.child("setOperations") == RuleNode.NONE
                ? query.list("targetList").stream()
                        .filter(entry -> entry.number("resno") == number
                                && entry.text("resjunk").equals("false"))
                        .findFirst()
                        .map(entry -> expression(queries, entry.child("expr")))
                        .orElse(Origin.UNSURE)
                : either(queries, query.child("setOperations"), number);
        open.remove(place);
        return origin;
    }

    private Origin deeper(Supplier<Origin> beneath) {
        if (++steps > MOST_STEPS || ++stepsOfAll > MOST_STEPS_OF_ALL || depth == DEEPEST) {
            return Origin.UNSURE;
        }
        depth++;
        Origin origin = beneath.get();
        depth--;
        return origin;
    }

    /** UNION and the like: the leaves are subqueries of the range table. */
    private Origin either(List<RuleNode> queries, RuleNode node, int number) {
        if (node.is("RANGETBLREF")) {
            RuleNode entry = entry(queries.getLast(), node.number("rtindex"));
            return entry.child("subquery").is("QUERY")
                    ? answer(with(queries, entry.child("subquery")), number)
                    : Origin.UNSURE;
        }
        return node.is("SETOPERATIONSTMT")
                ? deeper(() ->
                        either(queries, node.child("larg"), number).and(either(queries, node.child("rarg"), number)))
                : Origin.UNSURE;
    }

    /** A value as it is: one column, perhaps under another type that has the same bytes. */
    private Origin expression(List<RuleNode> queries, RuleNode node) {
        return switch (node.type()) {
            case "VAR" -> deeper(() -> variable(queries, node));
            case "RELABELTYPE" -> deeper(() -> expression(queries, node.child("arg")));
            case "" -> Origin.UNSURE;
            default -> walk(queries, node).computed();
        };
    }

    /** Everything that is mentioned in it. */
    private Origin walk(List<RuleNode> queries, RuleNode node) {
        if (node.is("VAR")) {
            return deeper(() -> variable(queries, node));
        }
        boolean code = FUNCTIONS.stream()
                .mapToInt(node::number)
                .anyMatch(function -> function != 0 && !harmless.test(function));
        List<RuleNode> inside = node.is("QUERY") ? with(queries, node) : queries;
        List<Origin> found = new ArrayList<>(List.of(code ? Origin.UNSURE : Origin.CONSTANT));
        node.children(child -> found.add(deeper(() -> walk(inside, child))));
        return found.stream().reduce(Origin.CONSTANT, Origin::and);
    }

    private Origin variable(List<RuleNode> queries, RuleNode variable) {
        int place = queries.size() - variable.number("varlevelsup");
        if (place < 1) {
            return Origin.UNSURE;
        }
        List<RuleNode> its = queries.subList(0, place);
        RuleNode entry = entry(its.getLast(), variable.number("varno"));
        int number = variable.number("varattno");
        if (entry == RuleNode.NONE || number < 0) {
            return number < 0 ? Origin.CONSTANT : Origin.UNSURE;
        }
        return switch (entry.text("rtekind").isEmpty() ? -1 : entry.number("rtekind")) {
            case RELATION -> column(entry.number("relid"), number);
            case SUBQUERY -> answer(with(its, entry.child("subquery")), number);
            case JOIN -> listed(its, entry.list("joinaliasvars"), number);
            case GROUP -> listed(its, entry.list("groupexprs"), number);
            case FUNCTION, TABLE_FUNCTION, VALUES -> walk(its, entry).computed();
            case EXPRESSION -> named(its, entry, number);
            default -> Origin.UNSURE;
        };
    }

    private Origin listed(List<RuleNode> queries, List<RuleNode> values, int number) {
        if (number == 0) {
            return values.stream().map(value -> expression(queries, value)).reduce(Origin.CONSTANT, Origin::and);
        }
        return number <= values.size() ? expression(queries, values.get(number - 1)) : Origin.UNSURE;
    }

    /** A common table expression, which stands in the same query or in one around it. */
    private Origin named(List<RuleNode> queries, RuleNode entry, int number) {
        int place = queries.size() - entry.number("ctelevelsup");
        if (place < 1) {
            return Origin.UNSURE;
        }
        List<RuleNode> its = queries.subList(0, place);
        return its.getLast().list("cteList").stream()
                .filter(each -> each.text("ctename").equals(entry.text("ctename")))
                .findFirst()
                .map(each -> answer(with(its, each.child("ctequery")), number))
                .orElse(Origin.UNSURE);
    }

    private static RuleNode entry(RuleNode query, int place) {
        List<RuleNode> entries = query.list("rtable");
        return place >= 1 && place <= entries.size() ? entries.get(place - 1) : RuleNode.NONE;
    }

    private static List<RuleNode> with(List<RuleNode> queries, RuleNode query) {
        List<RuleNode> more = new ArrayList<>(queries);
        more.add(query);
        return more;
    }
}
