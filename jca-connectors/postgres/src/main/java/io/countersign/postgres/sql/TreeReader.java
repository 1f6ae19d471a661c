package io.countersign.postgres.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads queries, and whatever may stand inside them, from the raw parse tree (chapter 7 "Queries" and the pages of SELECT,
 * INSERT, UPDATE, DELETE, MERGE).
 *
 * <p>Every relation that nothing here knows to be written counts as read: a place in the tree that this class does not know
 * adds an effect rather than losing one.
 */
final class TreeReader {

    private final Findings found;
    private final ExpressionReader expressions;

    TreeReader(Findings found) {
        this.found = found;
        this.expressions = new ExpressionReader(this);
    }

    Findings found() {
        return found;
    }

    /** Reads a statement of its own, and answers its kind. */
    String statement(Node node) {
        return switch (node.type()) {
            case "SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt" -> {
                read(node, Scope.EMPTY);
                String word = node.type().replace("Stmt", "").toUpperCase(Locale.ROOT);
                yield makes(node) ? "SELECT INTO" : word;
            }
            default -> new UtilityReader(this).read(node, Scope.EMPTY);
        };
    }

    /** INTO stands in the first of several that a UNION or the like puts together. */
    static boolean makes(Node select) {
        return select.has("intoClause") || select.has("larg") && makes(select.child("larg"));
    }

    /** Reads anything, by its type. */
    void read(Node node, Scope scope) {
        switch (node.type()) {
            case "SelectStmt" -> select(node, scope);
            case "InsertStmt" -> insert(node, scope);
            case "UpdateStmt" -> update(node, scope);
            case "DeleteStmt" -> delete(node, scope);
            case "MergeStmt" -> merge(node, scope);
            case "RangeVar" -> relation(node, scope);
            case "JoinExpr" -> join(node, scope);
            default -> {
                if (node.type().endsWith("Stmt")) {
                    new UtilityReader(this).read(node, scope);
                } else if (node.has("relname")) {
                    relation(node, scope);
                } else if (node.has("aliasname")) {
                    found.relation(node.text("aliasname"));
                } else {
                    expressions.read(node, scope);
                }
            }
        }
    }

    void read(List<Node> nodes, Scope scope) {
        nodes.forEach(node -> read(node, scope));
    }

    /** Reads everything in a node but the fields named. */
    void readBut(Node node, Scope scope, String... fields) {
        node.children(child -> read(child, scope), fields);
    }

    private void select(Node select, Scope outer) {
        Scope scope = with(select.child("withClause"), outer);
        for (String side : List.of("larg", "rarg")) {
            if (select.has(side)) {
                select(select.child(side), scope);
            }
        }
        Node into = select.child("intoClause");
        if (into.has("rel")) {
            made(into.child("rel"));
        }
        if (select.has("lockingClause")) {
            lock(select, scope);
        }
        readBut(select, scope, "withClause", "larg", "rarg", "intoClause", "lockingClause");
    }

    /** FOR UPDATE and the like lock rows of tables in FROM; those that OF leaves out count as well. */
    private void lock(Node select, Scope scope) {
        TreeReader locked = new TreeReader(found.fresh());
        locked.read(select.list("fromClause"), scope);
        locked.found.relationsReadInto(found, "sql:lock", "row-lock");
    }

    private void insert(Node insert, Scope outer) {
        Scope scope = with(insert.child("withClause"), outer);
        written(insert, "sql:insert");
        if (insert.child("onConflictClause").text("action").equals("ONCONFLICT_UPDATE")) {
            written(insert, "sql:update");
        }
        readBut(insert, scope, "relation", "withClause");
    }

    private void update(Node update, Scope outer) {
        Scope scope = with(update.child("withClause"), outer);
        written(update, "sql:update", noWhere(update));
        if (update.child("relation").text("relname").equals("pg_settings")) {
            // Its rule calls set_config (52.24).
            found.effect("sql:set", "setting", List.of());
        }
        readBut(update, scope, "relation", "withClause");
    }

    private void delete(Node delete, Scope outer) {
        Scope scope = with(delete.child("withClause"), outer);
        written(delete, "sql:delete", noWhere(delete));
        readBut(delete, scope, "relation", "withClause");
    }

    private static String[] noWhere(Node statement) {
        return statement.has("whereClause") ? new String[0] : new String[] {"no-where"};
    }

    private void merge(Node merge, Scope outer) {
        Scope scope = with(merge.child("withClause"), outer);
        written(merge, "sql:merge");
        for (Node when : merge.list("mergeWhenClauses")) {
            switch (when.text("commandType")) {
                case "CMD_INSERT" -> written(merge, "sql:insert");
                case "CMD_UPDATE" -> written(merge, "sql:update");
                case "CMD_DELETE" -> written(merge, "sql:delete");
                case "CMD_NOTHING" -> {}
                default -> found.effect("sql:unknown", "statement", List.of());
            }
        }
        readBut(merge, scope, "relation", "withClause");
    }

    /** A relation comes into being; a temporary one in a schema of the session's own. */
    void made(Node relation) {
        String[] flags = relation.text("relpersistence").equals("t") ? new String[] {"temporary"} : new String[] {};
        found.effect("sql:create", "table", path(relation), flags);
    }

    /** A target is always a table: a common table expression cannot be written. */
    private void written(Node statement, String action, String... flags) {
        Node target = statement.child("relation");
        found.effect(action, "table", path(target), flags);
        named(target);
        Node returning = statement.child("returningClause");
        if (returning.has("exprs")) {
            // The row before and after it, by these names unless others are given (6.4).
            found.relation("old");
            found.relation("new");
            returning.list("options").forEach(option -> found.relation(option.text("value")));
        }
    }

    /**
     * Reads common table expressions and answers the scope that sees them. Each sees those before it; with RECURSIVE all see
     * all.
     */
    private Scope with(Node with, Scope outer) {
        Scope scope = outer;
        List<Node> expressions = with.list("ctes");
        if (with.flag("recursive")) {
            for (Node expression : expressions) {
                scope = scope.with(expression.text("ctename"));
            }
        }
        for (Node expression : expressions) {
            read(expression.child("ctequery"), scope);
            found.relation(expression.text("ctename"));
            scope = scope.with(expression.text("ctename"));
        }
        return scope;
    }

    private void relation(Node relation, Scope scope) {
        named(relation);
        if (!scope.hides(relation)) {
            found.effect("sql:select", "table", path(relation));
        }
    }

    private void named(Node relation) {
        found.relation(relation.text("relname"));
        Node alias = relation.child("alias");
        if (alias.has("aliasname")) {
            found.relation(alias.text("aliasname"));
        }
        renamed(alias);
    }

    private void join(Node join, Scope scope) {
        join.names("usingClause").forEach(found::reference);
        renamed(join.child("alias"));
        readBut(join, scope);
    }

    /** {@code t AS a (x, y)} gives columns other names without saying which. */
    private void renamed(Node alias) {
        if (alias.has("colnames")) {
            found.reference(Statement.ALL_COLUMNS);
        }
    }

    /** A relation's name as written, from database to table. */
    static List<String> path(Node relation) {
        List<String> path = new ArrayList<>(3);
        for (String part : List.of("catalogname", "schemaname", "relname")) {
            if (relation.has(part)) {
                path.add(relation.text(part));
            }
        }
        return path;
    }
}
