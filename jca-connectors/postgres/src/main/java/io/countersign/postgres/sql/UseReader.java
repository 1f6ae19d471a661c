package io.countersign.postgres.sql;

import static io.countersign.postgres.sql.UsedNames.ALL;
import static io.countersign.postgres.sql.UsedNames.ANYTHING;

import io.countersign.postgres.sql.UsedNames.Ref;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds which columns a statement uses otherwise than to show them: in conditions, orders, groups, joins, comparisons of
 * answers, and copies (chapter 7 "Queries"). Whoever may not see a column must not learn from any of these what is in it.
 *
 * <p>It knows names only, not what they mean: a name counts as every column that it could be. What it does not know counts
 * as a use.
 */
final class UseReader {

    private final UsedNames known = new UsedNames();
    private final Set<String> expressions = new HashSet<>();
    private boolean reshapes;
    private boolean excluded;

    /** Reads a statement of its own. */
    void statement(Node node) {
        Mentions.collect(node, part -> {
            if (part.is("FuncCall") && OpaqueFunctions.contains(part.names("funcname"))) {
                known.use(ANYTHING);
            }
        });
        read(node);
    }

    /** Names used otherwise than shown, as {@link Statement#elsewhere} has them. */
    Set<String> elsewhere() {
        return known.used();
    }

    /** What else the statement may show, as {@link Statement#references} has it. */
    Set<String> references() {
        Set<String> found = known.parts();
        if (reshapes) {
            found.add(Statement.RESHAPED);
        }
        return found;
    }

    private void read(Node node) {
        switch (node.type()) {
            case "SelectStmt" -> query(node, TreeReader.makes(node));
            case "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt" -> change(node);
            case "ExplainStmt", "PrepareStmt", "DeclareCursorStmt" -> read(node.child("query"));
            case "CreateTableAsStmt", "ViewStmt" -> copied(node.child("query"));
            case "CopyStmt" -> copy(node);
            case "DoStmt", "CreateFunctionStmt", "CreateTrigStmt", "CreateEventTrigStmt" -> known.use(ANYTHING);
            case "RenameStmt", "AlterObjectSchemaStmt" -> known.use(ALL);
            case "AlterTableStmt" -> {
                if (node.list("cmds").stream().anyMatch(UseReader::joinsAnother)) {
                    known.use(ALL);
                }
                test(node);
            }
            default -> test(node);
        }
    }

    /** A parent or a partition would show the table's rows under its own name. */
    private static boolean joinsAnother(Node command) {
        return command.child("def").is("PartitionCmd") || command.child("def").has("relname");
    }

    private void copied(Node query) {
        if (query.is("SelectStmt")) {
            query(query, true);
        } else {
            known.use(ANYTHING);
        }
    }

    /** What goes into a file passes no mask. */
    private void copy(Node copy) {
        boolean away = copy.has("filename") && !copy.flag("is_from");
        if (away && copy.has("relation")) {
            known.use(ALL);
        }
        if (copy.child("query").is("SelectStmt")) {
            query(copy.child("query"), away);
        } else if (copy.has("query")) {
            QueryColumns answer = change(copy.child("query"));
            if (away) {
                known.use(answer.all());
            }
        }
        test(copy.child("whereClause"));
    }

    /** @param testing whether something depends on what it answers */
    private QueryColumns query(Node select, boolean testing) {
        with(select.child("withClause"));
        QueryColumns answer;
        if (select.has("larg")) {
            boolean compares = !select.flag("all") || !select.text("op").equals("SETOP_UNION");
            QueryColumns left = query(select.child("larg"), testing || compares);
            answer = left.or(query(select.child("rarg"), testing || compares));
            named(answer, answer.names());
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
    private void placed(List<Node> nodes, QueryColumns answer) {
        for (Node node : nodes) {
            if (node.is("A_Const") && node.has("ival")) {
                known.use(answer.at(node.child("ival").number("ival") - 1));
            } else if (node.is("GroupingSet")) {
                placed(node.list("content"), answer);
            } else {
                test(node);
            }
        }
    }

    private QueryColumns targets(Node select, boolean testing) {
        QueryColumns answer = shown(select.list("targetList"), testing);
        List<Node> rows = select.list("valuesLists");
        if (!rows.isEmpty()) {
            answer = values(rows, testing);
        }
        List<Node> distinct = select.list("distinctClause");
        if (distinct.stream().anyMatch(node -> node.type().isEmpty())) {
            known.use(answer.all());
        } else {
            placed(distinct, answer);
        }
        return answer;
    }

    /** The columns of an answer: ResTarget nodes. */
    private QueryColumns shown(List<Node> targets, boolean testing) {
        List<Set<Ref>> columns = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Set<Ref> all = new HashSet<>();
        boolean star = false;
        for (Node target : targets) {
            Node value = target.child("val");
            Set<Ref> refs = Mentions.refs(value);
            if (testing) {
                test(value);
            } else {
                show(value);
                reshapes |= Mentions.reshapes(value);
            }
            String name = target.has("name") ? target.text("name") : ColumnNames.of(value);
            star |= name.equals(Statement.ALL_COLUMNS);
            columns.add(refs);
            names.add(name);
            all.addAll(refs);
        }
        QueryColumns answer = star ? new QueryColumns(null, null, all) : new QueryColumns(columns, names, all);
        for (int i = 0; i < names.size(); i++) {
            known.alias(names.get(i), columns.get(i));
        }
        return answer;
    }

    /** Their columns are called column1, column2, …. */
    private QueryColumns values(List<Node> rows, boolean testing) {
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
                Set<Ref> refs = Mentions.refs(items.get(i));
                columns.get(i).addAll(refs);
                all.addAll(refs);
                if (testing) {
                    test(items.get(i));
                } else {
                    show(items.get(i));
                    reshapes |= Mentions.reshapes(items.get(i));
                }
            }
        }
        QueryColumns answer = new QueryColumns(columns, names, all);
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
            known.derived(name, own);
            QueryColumns answer = query.is("SelectStmt") ? query(query, false) : change(query);
            named(answer, given);
            for (String field : List.of("search_clause", "cycle_clause")) {
                for (String list : List.of("search_col_list", "cycle_col_list")) {
                    expression.child(field).names(list).forEach(column -> known.use(new Ref("", column)));
                }
            }
        }
    }

    private void from(Node item) {
        Node alias = item.child("alias");
        switch (item.type()) {
            case "RangeVar" -> relation(item);
            case "RangeSubselect" -> {
                QueryColumns answer = query(item.child("subquery"), false);
                List<String> given = alias.names("colnames");
                named(answer, given);
                List<String> names = ColumnNames.ofQuery(item.child("subquery"));
                known.derived(alias.text("aliasname"), ColumnNames.renamed(names, given));
            }
            case "JoinExpr" -> {
                from(item.child("larg"));
                from(item.child("rarg"));
                test(item.child("quals"));
                item.names("usingClause").forEach(name -> known.use(new Ref("", name)));
                if (item.flag("isNatural")) {
                    known.use(ALL);
                }
                renamed(alias);
                known.table(alias.text("aliasname"));
                known.table(item.child("join_using_alias").text("aliasname"));
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
        Set<Ref> refs = Mentions.refs(item);
        for (Node list : item.list("functions")) {
            // What it answers is as if it stood in a list of what is shown.
            list.list("items").forEach(call -> call.children(this::test, "funcname"));
        }
        item.children(this::test, "functions");
        reshapes |= Mentions.reshapes(item);
        List<String> names = new ArrayList<>(alias.names("colnames"));
        Mentions.collect(item, node -> {
            if (node.is("ColumnDef")) {
                names.add(node.text("colname"));
            } else if (node.is("JsonTableColumn") || node.is("RangeTableFuncCol")) {
                names.add(node.text(node.has("colname") ? "colname" : "name"));
            } else if (node.is("FuncCall") && !alias.has("aliasname")) {
                names.add(node.names("funcname").getLast());
            }
        });
        names.add(alias.text("aliasname"));
        names.forEach(name -> known.alias(name, refs));
        known.derived(alias.text("aliasname"), names);
    }

    private void relation(Node relation) {
        String name = relation.text("relname");
        Node alias = relation.child("alias");
        String called = alias.has("aliasname") ? alias.text("aliasname") : name;
        renamed(alias);
        if (expressions.contains(name) && !relation.has("schemaname")) {
            List<String> given = alias.names("colnames");
            known.derived(called, given.isEmpty() ? known.columns(name) : given);
        } else {
            known.table(called);
        }
    }

    /** Other names for columns that are not named. */
    private void renamed(Node alias) {
        alias.names("colnames").forEach(column -> known.alias(column, Set.of(ALL)));
    }

    /** INSERT, UPDATE, DELETE, MERGE: what goes into a table is a copy; what RETURNING says is shown. */
    private QueryColumns change(Node node) {
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
        excluded = node.has("onConflictClause") && !known.row("excluded");
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
            return QueryColumns.NOTHING;
        }
        List.of("old", "new").forEach(known::table);
        returning.list("options").forEach(option -> known.table(option.text("value")));
        return shown(returning.list("exprs"), false);
    }

    /** A value that is shown: where nothing but the result depends on it, only the result must be hidden. */
    private void show(Node node) {
        switch (node.type()) {
            case "ColumnRef" -> known.mention(Mentions.ref(node));
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
                Ref ref = Mentions.ref(node);
                known.mention(ref);
                if (!excluded
                        || !ref.qualifier().equals("excluded")
                        || ref.name().equals(Statement.ALL_COLUMNS)) {
                    known.use(ref);
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
                node.names("indirection").forEach(part -> known.use(new Ref("", part)));
                node.children(this::test);
            }
            case "RangeVar" -> relation(node);
            default -> {
                if (Mentions.code(node)) {
                    known.use(ANYTHING);
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

    private void named(QueryColumns answer, @Nullable List<String> names) {
        if (names != null) {
            for (int i = 0; i < names.size(); i++) {
                known.alias(names.get(i), answer.at(i));
            }
        }
    }
}
