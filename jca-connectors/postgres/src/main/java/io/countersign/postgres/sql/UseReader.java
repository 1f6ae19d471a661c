package io.countersign.postgres.sql;

import static io.countersign.postgres.sql.UsedNames.ALL;
import static io.countersign.postgres.sql.UsedNames.ANYTHING;

import io.countersign.postgres.sql.UsedNames.Ref;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds which columns a statement uses otherwise than to show them: in conditions, orders, groups, joins, comparisons of
 * answers, and copies (chapter 7 "Queries"). Whoever may not see a column must not learn from any of these what is in it.
 *
 * <p>It knows names only, not what they mean: a name counts as every column that it could be. What it does not know counts
 * as a use.
 */
final class UseReader {

    /** Each value in every table is looked at: ADD CONSTRAINT, VALIDATE CONSTRAINT (ALTER DOMAIN). */
    private static final Set<String> CHECKED = Set.of("C", "V");

    /** Between the fields of a COPY they are part of neither. */
    private static final Set<String> SEPARATORS = Set.of(",", ";", "|", "\t", "^", "~");

    private final UsedNames known = new UsedNames();
    private final ValueReader values = new ValueReader(known, this);
    private final SourceReader sources = new SourceReader(known, this, values);

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
        if (values.reshapes()) {
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
            // The rows would be shown under another name, or in an order that tells.
            case "RenameStmt", "AlterObjectSchemaStmt", "ClusterStmt" -> known.use(ALL);
            // What another server shows, or is shown, passes no mask.
            case "CreatePublicationStmt",
                    "AlterPublicationStmt",
                    "CreateForeignTableStmt",
                    "ImportForeignSchemaStmt",
                    "AlterForeignServerStmt" -> known.use(ANYTHING);
            case "AlterDomainStmt" -> {
                if (CHECKED.contains(node.text("subtype"))) {
                    known.use(ANYTHING);
                }
                values.test(node);
            }
            case "AlterTableStmt" -> {
                node.list("cmds").forEach(this::altered);
                values.test(node);
            }
            case "IndexStmt" -> {
                if (node.flag("unique")) {
                    keys(node);
                }
                values.test(node);
            }
            default -> values.test(node);
        }
    }

    private void altered(Node command) {
        Node definition = command.child("def");
        // A parent or a partition would show the table's rows under its own name.
        if (definition.is("PartitionCmd") || definition.has("relname")) {
            known.use(ALL);
        }
        switch (command.text("subtype")) {
            // Whether each value can be cast; and what was computed would become a column like any other.
            case "AT_AlterColumnType", "AT_DropExpression" -> known.useColumn(command.text("name"));
            case "AT_GenericOptions", "AT_AlterColumnGenericOptions" -> known.use(ANYTHING);
            default -> {}
        }
    }

    /** The columns of a key: whether it can be made, or another's values be among them, tells what they hold. */
    void keys(Node key) {
        Mentions.collect(key, part -> {
            if (part.is("IndexElem") && part.has("name")) {
                known.useColumn(part.text("name"));
            }
        });
        for (String list : List.of("keys", "fk_attrs", "pk_attrs")) {
            key.names(list).forEach(known::useColumn);
        }
        if (key.has("pktable") && !key.has("pk_attrs")) {
            known.use(ALL);
        }
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
        values.test(copy.child("whereClause"));
        if (!copy.flag("is_from") && copy.list("options").stream().anyMatch(UseReader::disguises)) {
            values.reshaped();
        }
    }

    /** Signs that stand between fields, around and inside them, could be part of what a detector looks for. */
    private static boolean disguises(Node option) {
        return switch (option.text("defname")) {
            case "quote", "escape" -> true;
            case "delimiter" -> !SEPARATORS.contains(option.child("arg").text("sval"));
            default -> false;
        };
    }

    /** @param testing whether something depends on what it answers */
    QueryColumns query(Node select, boolean testing) {
        sources.with(select.child("withClause"));
        QueryColumns answer;
        if (select.has("larg")) {
            boolean compares = !select.flag("all") || !select.text("op").equals("SETOP_UNION");
            QueryColumns left = query(select.child("larg"), testing || compares);
            answer = left.or(query(select.child("rarg"), testing || compares));
            known.aliases(answer.names(), answer);
        } else {
            answer = targets(select, testing);
            values.test(select.child("whereClause"));
            values.test(select.child("havingClause"));
            values.test(select.list("windowClause"));
            select.list("fromClause").forEach(sources::from);
        }
        placed(select.list("groupClause"), answer);
        if (answer.renamed() && select.has("sortClause")) {
            known.use(answer.all());
        }
        for (Node sort : select.list("sortClause")) {
            placed(List.of(sort.child("node")), answer);
        }
        values.test(select.child("limitCount"));
        values.test(select.child("limitOffset"));
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
                values.test(node);
            }
        }
    }

    private QueryColumns targets(Node select, boolean testing) {
        QueryColumns answer = shown(select.list("targetList"), testing);
        List<Node> rows = select.list("valuesLists");
        if (!rows.isEmpty()) {
            answer = rows(rows, testing);
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
            values.answered(value, testing);
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
    private QueryColumns rows(List<Node> rows, boolean testing) {
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
                values.answered(items.get(i), testing);
            }
        }
        QueryColumns answer = new QueryColumns(columns, names, all);
        known.aliases(names, answer);
        return answer;
    }

    /** INSERT, UPDATE, DELETE, MERGE: what goes into a table is a copy; what RETURNING says is shown. */
    QueryColumns change(Node node) {
        sources.with(node.child("withClause"));
        sources.relation(node.child("relation"));
        Node source = node.child("selectStmt");
        if (source.is("SelectStmt")) {
            query(source, true);
        }
        for (String field : List.of("fromClause", "usingClause")) {
            node.list(field).forEach(sources::from);
        }
        if (node.has("sourceRelation")) {
            sources.from(node.child("sourceRelation"));
        }
        if (node.has("onConflictClause")) {
            values.onConflict(node.child("onConflictClause"));
        }
        node.children(
                values::test,
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

    /** A relation that stands in no FROM. */
    void relation(Node relation) {
        sources.relation(relation);
    }
}
