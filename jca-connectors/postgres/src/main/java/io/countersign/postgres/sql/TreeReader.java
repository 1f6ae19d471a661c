package io.countersign.postgres.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads queries, and whatever may stand inside them, from the raw parse tree (chapter 7 "Queries" and the pages of SELECT,
 * INSERT, UPDATE, DELETE, MERGE).
 *
 * <p>Every relation that nothing here knows to be written counts as read: a place in the tree that this class does not know
 * adds an effect rather than losing one.
 */
final class TreeReader {

    /** The methods of TABLESAMPLE that PostgreSQL itself has. */
    private static final Set<String> SAMPLING = Set.of("system", "bernoulli");

    /** Options of CREATE AGGREGATE, OPERATOR, TYPE and TEXT SEARCH that name functions, which will run. */
    private static final Set<String> FUNCTIONS = Set.of(
            "sfunc",
            "finalfunc",
            "combinefunc",
            "serialfunc",
            "deserialfunc",
            "msfunc",
            "minvfunc",
            "mfinalfunc",
            "sfunc1",
            "function",
            "procedure",
            "restrict",
            "join",
            "input",
            "output",
            "receive",
            "send",
            "typmod_in",
            "typmod_out",
            "analyze",
            "subscript",
            "canonical",
            "subtype_diff",
            "start",
            "gettoken",
            "end",
            "headline",
            "lextypes",
            "init",
            "lexize");

    private final Findings found;

    TreeReader(Findings found) {
        this.found = found;
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
            case "FuncCall" -> function(node, scope);
            case "ColumnRef" -> column(node);
            case "A_Indirection" -> part(node, scope);
            case "JoinExpr" -> join(node, scope);
            case "TypeName" -> read(node.list("typmods"), scope);
            case "A_Expr", "SubLink", "SortBy" -> operator(node, scope);
            case "DefElem" -> option(node, scope);
            case "Constraint" -> constraint(node, scope);
            case "RangeTableSample" -> sample(node, scope);
            case "TypeCast", "XmlSerialize", "RangeTableFuncCol", "JsonTableColumn" -> typed(node, scope);
            default -> {
                if (node.type().endsWith("Stmt")) {
                    new UtilityReader(this).read(node, scope);
                } else if (node.has("relname")) {
                    relation(node, scope);
                } else if (node.has("aliasname")) {
                    found.relation(node.text("aliasname"));
                } else if (node.has("typeName") && node.has("returning")) {
                    typed(node, scope);
                } else {
                    readBut(node, scope);
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

    private void column(Node column) {
        List<Node> parts = column.list("fields");
        Node last = parts.getLast();
        found.reference(last.is("A_Star") ? Statement.ALL_COLUMNS : last.text("sval"));
    }

    /** {@code (row).column}, {@code (row).*}, {@code array[1]}. */
    private void part(Node part, Scope scope) {
        for (Node step : part.list("indirection")) {
            if (step.is("String")) {
                found.reference(step.text("sval"));
            } else if (step.is("A_Star")) {
                found.reference(Statement.ALL_COLUMNS);
            }
        }
        readBut(part, scope);
    }

    /** Operators stand in expressions, before subqueries and behind ORDER BY … USING; {@code BETWEEN} is a word instead. */
    private void operator(Node node, Scope scope) {
        for (String field : List.of("name", "operName", "useOp")) {
            List<String> name = node.names(field);
            if (!name.isEmpty() && !Character.isLetter(name.getLast().charAt(0))) {
                found.operator(name);
            }
        }
        readBut(node, scope);
    }

    private void option(Node option, Scope scope) {
        if (FUNCTIONS.contains(option.text("defname")) && option.child("arg").is("TypeName")) {
            found.function(option.child("arg").names("names"));
        }
        switch (option.text("defname")) {
            // The planner calls it (36.11 "Function Optimization Information").
            case "support" -> found.function(option.child("arg").names("items"));
            // Everything that is in it is copied (CREATE DATABASE).
            case "template" -> {
                if (option.child("arg").has("sval")) {
                    found.effect(
                            "sql:select",
                            "database",
                            List.of(option.child("arg").text("sval")));
                }
            }
            default -> {}
        }
        readBut(option, scope);
    }

    /** What others refer to can be removed no longer: it takes a right of its own, REFERENCES (5.8 "Privileges"). */
    private void constraint(Node constraint, Scope scope) {
        if (constraint.has("pktable")) {
            found.effect("sql:reference", "table", path(constraint.child("pktable")));
        }
        for (Node exclusion : constraint.list("exclusions")) {
            exclusion.list("items").stream()
                    .filter(item -> item.is("List"))
                    .forEach(operator -> found.operator(operator.names("items")));
        }
        readBut(constraint, scope);
    }

    private void sample(Node sample, Scope scope) {
        List<String> method = sample.names("method");
        if (!SAMPLING.contains(method.getLast())
                || method.size() > 1 && !method.getFirst().equals("pg_catalog")) {
            found.function(method);
        }
        readBut(sample, scope);
    }

    /** Makes a value of a type: its input function, or a cast's, and a domain's checks are called. */
    private void typed(Node node, Scope scope) {
        List<String> type = node.child("typeName").names("names");
        if (!type.isEmpty()) {
            found.type(type);
        }
        readBut(node, scope);
    }

    private void function(Node call, Scope scope) {
        List<String> name = call.names("funcname");
        found.function(name);
        if (OpaqueFunctions.contains(name)) {
            found.flag("opaque");
            found.reference(Statement.ALL_COLUMNS);
        }
        List<Node> arguments = call.list("args");
        if (name.getLast().equals("set_config")) {
            found.effect("sql:set", "setting", arguments.isEmpty() ? List.of() : constant(arguments.getFirst()));
        }
        readBut(call, scope);
    }

    /** The setting that an expression names; empty, for any, unless it is a constant. */
    private static List<String> constant(Node expression) {
        Node inner = expression;
        while (inner.is("TypeCast")) {
            inner = inner.child("arg");
        }
        return inner.is("A_Const") && inner.has("sval")
                ? List.of(inner.child("sval").text("sval").toLowerCase(Locale.ROOT))
                : List.of();
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
