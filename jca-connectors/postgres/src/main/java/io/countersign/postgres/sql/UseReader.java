package io.countersign.postgres.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds which columns a statement uses otherwise than to show them: in conditions, orders, groups, joins, comparisons of
 * answers, and copies (chapter 7 "Queries"). Whoever may not see a column must not learn from any of these what is in it.
 *
 * <p>It knows names only, not what they mean: a name counts as every column that it could be. What it does not know counts
 * as a use.
 */
final class UseReader {

    /** All columns of a row, or a row as a value. */
    private static final Ref ALL = new Ref("", Statement.ALL_COLUMNS);

    /** What stands in no column that is named: code that others have written answers it. */
    private static final Ref ANYTHING = new Ref("", Statement.ANYTHING);

    /** A column by its name and what stands before it, if anything. */
    private record Ref(String qualifier, String name) {}

    /** The columns of an answer: by what each is computed from, and its name. Null where a star stands for some of them. */
    private record Answer(
            @Nullable List<Set<Ref>> columns, @Nullable List<String> names, Set<Ref> all) {

        static final Answer NOTHING = new Answer(List.of(), List.of(), Set.of());

        /** What a column by its place, from 0, is computed from; all of it where that is not known. */
        Set<Ref> at(int place) {
            return columns != null && place >= 0 && place < columns.size() ? columns.get(place) : all;
        }

        /** The same columns, each from either; under this answer's names. */
        Answer or(Answer other) {
            Set<Ref> both = new HashSet<>(all);
            both.addAll(other.all);
            if (columns == null || other.columns == null) {
                return new Answer(null, names, both);
            }
            List<Set<Ref>> merged = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                Set<Ref> either = new HashSet<>(columns.get(i));
                either.addAll(other.at(i));
                merged.add(either);
            }
            return new Answer(merged, names, both);
        }
    }

    private final Set<Ref> used = new HashSet<>();
    private final Set<Ref> mentioned = new HashSet<>();
    private final Map<String, Set<Ref>> aliases = new HashMap<>();
    private final Set<String> tables = new HashSet<>();

    /** Subqueries and the like by name, with the names that are columns of all that have it. */
    private final Map<String, Set<String>> derived = new HashMap<>();

    private final Set<String> expressions = new HashSet<>();
    private boolean reshapes;
    private boolean excluded;

    /** Reads a statement of its own. */
    void statement(Node node) {
        collect(node, part -> {
            if (part.is("FuncCall") && OpaqueFunctions.contains(part.names("funcname"))) {
                used.add(ANYTHING);
            }
        });
        read(node);
    }

    private void read(Node node) {
        switch (node.type()) {
            case "SelectStmt" -> query(node, TreeReader.makes(node));
            case "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt" -> change(node);
            case "ExplainStmt", "PrepareStmt", "DeclareCursorStmt" -> read(node.child("query"));
            case "CreateTableAsStmt", "ViewStmt" -> copied(node.child("query"));
            case "CopyStmt" -> copy(node);
            case "DoStmt", "CreateFunctionStmt", "CreateTrigStmt", "CreateEventTrigStmt" -> used.add(ANYTHING);
            case "RenameStmt", "AlterObjectSchemaStmt" -> used.add(ALL);
            case "AlterTableStmt" -> {
                if (node.list("cmds").stream().anyMatch(UseReader::joinsAnother)) {
                    used.add(ALL);
                }
                test(node);
            }
            default -> test(node);
        }
    }

    /** Names used otherwise than shown, as {@link Statement#elsewhere} has them. */
    Set<String> elsewhere() {
        return resolved(used);
    }

    /** What else the statement may show, as {@link Statement#references} has it. */
    Set<String> references() {
        Set<String> names = new HashSet<>();
        for (Ref ref : mentioned) {
            if (!ref.qualifier.isEmpty() && !ref.name.equals(Statement.ALL_COLUMNS) && !isColumn(ref)) {
                names.add(Statement.PART + ref.name);
            }
        }
        if (reshapes) {
            names.add(Statement.RESHAPED);
        }
        return names;
    }

    /** A parent or a partition would show the table's rows under its own name. */
    private static boolean joinsAnother(Node command) {
        return command.child("def").is("PartitionCmd") || command.child("def").has("relname");
    }

    private void copied(Node query) {
        if (query.is("SelectStmt")) {
            query(query, true);
        } else {
            used.add(ANYTHING);
        }
    }

    /** What goes into a file passes no mask. */
    private void copy(Node copy) {
        boolean away = copy.has("filename") && !copy.flag("is_from");
        if (away && copy.has("relation")) {
            used.add(ALL);
        }
        if (copy.child("query").is("SelectStmt")) {
            query(copy.child("query"), away);
        } else if (copy.has("query")) {
            Answer answer = change(copy.child("query"));
            if (away) {
                used.addAll(answer.all);
            }
        }
        test(copy.child("whereClause"));
    }

    /** @param testing whether something depends on what it answers */
    private Answer query(Node select, boolean testing) {
        with(select.child("withClause"));
        Answer answer;
        if (select.has("larg")) {
            boolean compares = !select.flag("all") || !select.text("op").equals("SETOP_UNION");
            Answer left = query(select.child("larg"), testing || compares);
            answer = left.or(query(select.child("rarg"), testing || compares));
            named(answer, answer.names);
        } else {
            answer = targets(select, testing);
            test(select.child("whereClause"));
            test(select.child("havingClause"));
            test(select.list("windowClause"));
            select.list("fromClause").forEach(item -> from(item));
        }
        placed(select.list("groupClause"), answer);
        for (Node sort : select.list("sortClause")) {
            placed(List.of(sort.child("node")), answer);
        }
        test(select.child("limitCount"));
        test(select.child("limitOffset"));
        return answer;
    }

    /** In ORDER BY, GROUP BY and DISTINCT ON a number stands for a column of the answer. */
    private void placed(List<Node> nodes, Answer answer) {
        for (Node node : nodes) {
            if (node.is("A_Const") && node.has("ival")) {
                used.addAll(answer.at(node.child("ival").number("ival") - 1));
            } else if (node.is("GroupingSet")) {
                placed(node.list("content"), answer);
            } else {
                test(node);
            }
        }
    }

    private Answer targets(Node select, boolean testing) {
        Answer answer = shown(select.list("targetList"), testing);
        List<Node> rows = select.list("valuesLists");
        if (!rows.isEmpty()) {
            answer = values(rows, testing);
        }
        List<Node> distinct = select.list("distinctClause");
        if (distinct.stream().anyMatch(node -> node.type().isEmpty())) {
            used.addAll(answer.all);
        } else {
            placed(distinct, answer);
        }
        return answer;
    }

    /** The columns of an answer: ResTarget nodes. */
    private Answer shown(List<Node> targets, boolean testing) {
        List<Set<Ref>> columns = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Set<Ref> all = new HashSet<>();
        boolean star = false;
        for (Node target : targets) {
            Node value = target.child("val");
            Set<Ref> refs = refs(value);
            if (testing) {
                test(value);
            } else {
                show(value);
                reshapes |= reshapes(value);
            }
            String name = target.has("name") ? target.text("name") : ColumnNames.of(value);
            star |= name.equals(Statement.ALL_COLUMNS);
            columns.add(refs);
            names.add(name);
            all.addAll(refs);
        }
        Answer answer = star ? new Answer(null, null, all) : new Answer(columns, names, all);
        for (int i = 0; i < names.size(); i++) {
            alias(names.get(i), columns.get(i));
        }
        return answer;
    }

    /** Their columns are called column1, column2, …. */
    private Answer values(List<Node> rows, boolean testing) {
        List<Set<Ref>> columns = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Set<Ref> all = new HashSet<>();
        for (Node row : rows) {
            List<Node> items = row.list("items");
            for (int i = 0; i < items.size(); i++) {
                if (i == columns.size()) {
                    columns.add(new HashSet<>());
                    names.add("column" + (i + 1));
                }
                Set<Ref> refs = refs(items.get(i));
                columns.get(i).addAll(refs);
                all.addAll(refs);
                if (testing) {
                    test(items.get(i));
                } else {
                    show(items.get(i));
                    reshapes |= reshapes(items.get(i));
                }
            }
        }
        Answer answer = new Answer(columns, names, all);
        named(answer, names);
        return answer;
    }

    private void with(Node with) {
        for (Node expression : with.list("ctes")) {
            String name = expression.text("ctename");
            Node query = expression.child("ctequery");
            List<String> given = expression.names("aliascolnames");
            expressions.add(name);
            List<String> own = given.isEmpty() ? ColumnNames.ofQuery(query) : given;
            derived(name, own);
            Answer answer = query.is("SelectStmt") ? query(query, false) : change(query);
            named(answer, given);
            for (String field : List.of("search_clause", "cycle_clause")) {
                for (String list : List.of("search_col_list", "cycle_col_list")) {
                    expression.child(field).names(list).forEach(column -> used.add(new Ref("", column)));
                }
            }
        }
    }

    private void from(Node item) {
        Node alias = item.child("alias");
        switch (item.type()) {
            case "RangeVar" -> relation(item);
            case "RangeSubselect" -> {
                Answer answer = query(item.child("subquery"), false);
                List<String> given = alias.names("colnames");
                named(answer, given);
                List<String> names = ColumnNames.ofQuery(item.child("subquery"));
                derived(alias.text("aliasname"), ColumnNames.renamed(names, given));
            }
            case "JoinExpr" -> {
                from(item.child("larg"));
                from(item.child("rarg"));
                test(item.child("quals"));
                item.names("usingClause").forEach(name -> used.add(new Ref("", name)));
                if (item.flag("isNatural")) {
                    used.add(ALL);
                }
                renamed(alias);
                tables.add(alias.text("aliasname"));
                tables.add(item.child("join_using_alias").text("aliasname"));
            }
            case "RangeTableSample" -> {
                from(item.child("relation"));
                test(item.list("args"));
                test(item.child("repeatable"));
            }
            default -> function(item, alias);
        }
    }

    /** A function's rows are computed from its arguments; how many there are tells of them. */
    private void function(Node item, Node alias) {
        Set<Ref> refs = refs(item);
        for (Node list : item.list("functions")) {
            // What it answers is as if it stood in a list of what is shown.
            list.list("items").forEach(call -> call.children(this::test, "funcname"));
        }
        item.children(this::test, "functions");
        reshapes |= reshapes(item);
        List<String> names = new ArrayList<>(alias.names("colnames"));
        collect(item, node -> {
            if (node.is("ColumnDef")) {
                names.add(node.text("colname"));
            } else if (node.is("JsonTableColumn") || node.is("RangeTableFuncCol")) {
                names.add(node.text(node.has("colname") ? "colname" : "name"));
            } else if (node.is("FuncCall") && !alias.has("aliasname")) {
                names.add(node.names("funcname").getLast());
            }
        });
        names.add(alias.text("aliasname"));
        names.forEach(name -> alias(name, refs));
        derived(alias.text("aliasname"), names);
    }

    private void relation(Node relation) {
        String name = relation.text("relname");
        Node alias = relation.child("alias");
        String known = alias.has("aliasname") ? alias.text("aliasname") : name;
        renamed(alias);
        if (expressions.contains(name) && !relation.has("schemaname")) {
            List<String> given = alias.names("colnames");
            derived(known, given.isEmpty() ? List.copyOf(derived.getOrDefault(name, Set.of())) : given);
        } else {
            tables.add(known);
        }
    }

    /** Other names for columns that are not named. */
    private void renamed(Node alias) {
        alias.names("colnames").forEach(column -> alias(column, Set.of(ALL)));
    }

    private void derived(String name, List<String> columns) {
        if (!name.isEmpty()) {
            Set<String> known = derived.putIfAbsent(name, new HashSet<>(columns));
            if (known != null) {
                known.retainAll(columns);
            }
        }
    }

    /** INSERT, UPDATE, DELETE, MERGE: what goes into a table is a copy; what RETURNING says is shown. */
    private Answer change(Node node) {
        with(node.child("withClause"));
        relation(node.child("relation"));
        Node source = node.child("selectStmt");
        if (source.is("SelectStmt")) {
            query(source, true);
        }
        for (String field : List.of("fromClause", "usingClause")) {
            node.list(field).forEach(this::from);
        }
        if (node.has("sourceRelation")) {
            from(node.child("sourceRelation"));
        }
        boolean outer = excluded;
        excluded = node.has("onConflictClause") && !tables.contains("excluded") && !derived.containsKey("excluded");
        test(node.child("onConflictClause"));
        excluded = outer;
        node.children(
                this::test,
                "withClause",
                "relation",
                "selectStmt",
                "fromClause",
                "usingClause",
                "sourceRelation",
                "onConflictClause",
                "returningClause",
                "cols");
        Node returning = node.child("returningClause");
        if (!returning.has("exprs")) {
            return Answer.NOTHING;
        }
        tables.addAll(List.of("old", "new"));
        returning.list("options").forEach(option -> tables.add(option.text("value")));
        return shown(returning.list("exprs"), false);
    }

    /** A value that is shown: where nothing but the result depends on it, only the result must be hidden. */
    private void show(Node node) {
        switch (node.type()) {
            case "ColumnRef" -> mentioned.add(ref(node));
            case "TypeCast" ->
                shown(node, ShowingFunctions.type(node.child("typeName").names("names")));
            case "A_Expr" ->
                shown(node, node.text("kind").equals("AEXPR_OP") && ShowingFunctions.operator(node.names("name")));
            case "CoalesceExpr",
                    "MinMaxExpr",
                    "RowExpr",
                    "A_ArrayExpr",
                    "NamedArgExpr",
                    "CollateClause",
                    "A_Indirection" -> shown(node, true);
            case "XmlExpr" -> shown(node, node.text("op").equals("IS_XMLFOREST"));
            case "ResTarget" -> show(node.child("val"));
            case "CaseExpr" -> {
                test(node.child("arg"));
                for (Node when : node.list("args")) {
                    test(when.child("expr"));
                    show(when.child("result"));
                }
                show(node.child("defresult"));
            }
            case "SubLink" -> {
                String kind = node.text("subLinkType");
                if (kind.equals("EXPR_SUBLINK") || kind.equals("ARRAY_SUBLINK")) {
                    query(node.child("subselect"), false);
                } else {
                    test(node);
                }
            }
            case "FuncCall" -> {
                List<String> name = node.names("funcname");
                List<Node> arguments = node.list("args");
                boolean all = ShowingFunctions.showsAll(name);
                for (int i = 0; i < arguments.size(); i++) {
                    if (all || i == 0 && ShowingFunctions.showsFirst(name)) {
                        show(arguments.get(i));
                    } else {
                        test(arguments.get(i));
                    }
                }
                node.children(this::test, "args", "funcname");
            }
            default -> test(node);
        }
    }

    private void shown(Node node, boolean harmless) {
        node.children(harmless ? this::show : this::test);
    }

    /** Something depends on this. */
    private void test(Node node) {
        switch (node.type()) {
            case "ColumnRef" -> {
                Ref ref = ref(node);
                mentioned.add(ref);
                if (!excluded || !ref.qualifier.equals("excluded") || ref.name.equals(Statement.ALL_COLUMNS)) {
                    used.add(ref);
                }
            }
            case "SelectStmt" -> inside(() -> query(node, true));
            case "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt" -> inside(() -> change(node));
            case "SubLink" -> {
                test(node.child("testexpr"));
                boolean exists = node.text("subLinkType").equals("EXISTS_SUBLINK");
                inside(() -> query(node.child("subselect"), !exists));
            }
            case "A_Indirection" -> {
                node.names("indirection").forEach(part -> used.add(new Ref("", part)));
                node.children(this::test);
            }
            case "RangeVar" -> relation(node);
            default -> {
                if (code(node)) {
                    used.add(ANYTHING);
                }
                if (node.has("relname")) {
                    relation(node);
                } else {
                    node.children(this::test);
                }
            }
        }
    }

    private void test(List<Node> nodes) {
        nodes.forEach(this::test);
    }

    /** {@code excluded} means the row that was to be inserted only outside of subqueries. */
    private void inside(Runnable read) {
        boolean outer = excluded;
        excluded = false;
        read.run();
        excluded = outer;
    }

    private static Ref ref(Node column) {
        List<Node> parts = column.list("fields");
        Node last = parts.getLast();
        String qualifier = parts.size() > 1 ? parts.get(parts.size() - 2).text("sval") : "";
        return new Ref(qualifier, last.is("A_Star") ? Statement.ALL_COLUMNS : last.text("sval"));
    }

    /** Every column that is mentioned anywhere in it. */
    private static Set<Ref> refs(Node node) {
        Set<Ref> refs = new HashSet<>();
        collect(node, part -> {
            if (part.is("ColumnRef")) {
                refs.add(ref(part));
            } else if (part.is("A_Indirection")) {
                part.names("indirection").forEach(name -> refs.add(new Ref("", name)));
            } else if (code(part)) {
                refs.add(ANYTHING);
            }
        });
        return refs;
    }

    /** Whether it calls what may read any table. */
    private static boolean code(Node node) {
        return switch (node.type()) {
            case "FuncCall" -> !HarmlessFunctions.showNothing(node.names("funcname"));
            case "A_Expr" -> {
                List<String> name = node.names("name");
                yield !BuiltIns.operator(name)
                        && !Character.isLetter(name.getLast().charAt(0));
            }
            default -> false;
        };
    }

    private static void collect(Node node, Consumer<Node> visitor) {
        visitor.accept(node);
        node.children(child -> collect(child, visitor));
    }

    /** Whether it takes text apart or puts it together, so that a detector may not find in it what it would have found. */
    private static boolean reshapes(Node node) {
        boolean[] found = {false};
        collect(node, part -> {
            boolean one = switch (part.type()) {
                case "FuncCall" ->
                    !ShowingFunctions.faithful(
                            part.names("funcname"), part.list("args").size());
                case "A_Expr" -> part.names("name").getLast().equals("||");
                case "TypeCast" ->
                    ShowingFunctions.takesApart(part.child("typeName").names("names"))
                            && part.child("arg").is("ColumnRef");
                case "A_Indirection" -> part.list("indirection").stream().anyMatch(step -> step.is("A_Indices"));
                default -> false;
            };
            found[0] |= one && !refs(part).isEmpty();
        });
        return found[0];
    }

    private void named(Answer answer, @Nullable List<String> names) {
        if (names != null) {
            for (int i = 0; i < names.size(); i++) {
                alias(names.get(i), answer.at(i));
            }
        }
    }

    private void alias(String name, Set<Ref> refs) {
        if (!name.isEmpty() && !name.equals(Statement.ALL_COLUMNS)) {
            aliases.computeIfAbsent(name, key -> new HashSet<>()).addAll(refs);
        }
    }

    /** The columns that names may mean, through the names that the statement itself gives. */
    private Set<String> resolved(Set<Ref> refs) {
        Set<String> names = new HashSet<>();
        Map<Ref, Boolean> seen = new LinkedHashMap<>();
        List<Ref> open = new ArrayList<>(refs);
        while (!open.isEmpty()) {
            Ref ref = open.removeLast();
            if (seen.put(ref, true) != null) {
                continue;
            }
            if (ref.equals(ANYTHING)) {
                names.add(Statement.ANYTHING);
                continue;
            }
            Set<Ref> behind = aliases.get(ref.name);
            boolean known = behind != null && (ref.qualifier.isEmpty() || isColumn(ref));
            if (ref.name.equals(Statement.ALL_COLUMNS)
                    || ref.qualifier.isEmpty() && (tables.contains(ref.name) || derived.containsKey(ref.name))) {
                names.add(Statement.ALL_COLUMNS);
            }
            if (!ref.name.equals(Statement.ALL_COLUMNS)) {
                names.add(known ? ref.name : Statement.PART + ref.name);
            }
            if (behind != null) {
                open.addAll(behind);
            }
        }
        return names;
    }

    /** Whether the name is surely a column of the subquery that stands before it, and no function of its rows. */
    private boolean isColumn(Ref ref) {
        return !tables.contains(ref.qualifier)
                && derived.getOrDefault(ref.qualifier, Set.of()).contains(ref.name);
    }
}
