package io.countersign.postgres.sql;

import static io.countersign.postgres.sql.UsedNames.ALL;

import io.countersign.postgres.sql.UsedNames.Ref;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Learns under which names FROM and WITH make rows known, and finds which columns they use (7.2 "Table Expressions", 7.8 "WITH
 * Queries").
 */
final class SourceReader {

    private final UsedNames known;
    private final UseReader statements;
    private final ValueReader values;

    /** Names of common table expressions, wherever in the statement they stand. */
    private final Set<String> expressions = new HashSet<>();

    SourceReader(UsedNames known, UseReader statements, ValueReader values) {
        this.known = known;
        this.statements = statements;
        this.values = values;
    }

    void with(Node with) {
        for (Node expression : with.list("ctes")) {
            String name = expression.text("ctename");
            Node query = expression.child("ctequery");
            List<String> given = expression.names("aliascolnames");
            expressions.add(name);
            List<String> own = given.isEmpty() ? ColumnNames.ofQuery(query) : given;
            known.derived(name, own);
            QueryColumns answer = query.is("SelectStmt") ? statements.query(query, false) : statements.change(query);
            known.aliases(given, answer);
            known.unnamed(answer);
            for (String field : List.of("search_clause", "cycle_clause")) {
                for (String list : List.of("search_col_list", "cycle_col_list")) {
                    expression.child(field).names(list).forEach(column -> known.use(new Ref("", column)));
                }
            }
        }
    }

    void from(Node item) {
        Node alias = item.child("alias");
        switch (item.type()) {
            case "RangeVar" -> relation(item);
            case "RangeSubselect" -> {
                QueryColumns answer = statements.query(item.child("subquery"), false);
                List<String> given = alias.names("colnames");
                known.aliases(given, answer);
                known.unnamed(answer);
                List<String> names = ColumnNames.ofQuery(item.child("subquery"));
                known.derived(alias.text("aliasname"), ColumnNames.renamed(names, given));
            }
            case "JoinExpr" -> {
                from(item.child("larg"));
                from(item.child("rarg"));
                values.test(item.child("quals"));
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
                values.test(item.list("args"));
                values.test(item.child("repeatable"));
            }
            default -> function(item, alias);
        }
    }

    /** A function's rows are computed from its arguments; how many there are tells of them. */
    private void function(Node item, Node alias) {
        Set<Ref> refs = Mentions.refs(item);
        for (Node list : item.list("functions")) {
            // What it answers is as if it stood in a list of what is shown.
            list.list("items").forEach(call -> call.children(values::test, "funcname"));
        }
        item.children(values::test, "functions");
        values.made(item);
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

    void relation(Node relation) {
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
}
