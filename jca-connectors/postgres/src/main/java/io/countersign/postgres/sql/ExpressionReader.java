package io.countersign.postgres.sql;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads what stands in a statement's expressions and options (chapter 4 "SQL Syntax"): the columns that they mention, and the
 * functions, operators and types that they call.
 */
final class ExpressionReader {

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

    private final TreeReader reader;
    private final Findings found;

    ExpressionReader(TreeReader reader) {
        this.reader = reader;
        this.found = reader.found();
    }

    /** Reads a node by its type; whatever is not known here, by what is in it. */
    void read(Node node, Scope scope) {
        switch (node.type()) {
            case "FuncCall" -> function(node, scope);
            case "ColumnRef" -> column(node);
            case "A_Indirection" -> part(node, scope);
            case "TypeName" -> reader.read(node.list("typmods"), scope);
            case "A_Expr", "SubLink", "SortBy" -> operator(node, scope);
            case "DefElem" -> option(node, scope);
            case "Constraint" -> constraint(node, scope);
            case "RangeTableSample" -> sample(node, scope);
            case "TypeCast", "XmlSerialize", "RangeTableFuncCol", "JsonTableColumn" -> typed(node, scope);
            default -> {
                if (node.has("typeName") && node.has("returning")) {
                    typed(node, scope);
                } else {
                    reader.readBut(node, scope);
                }
            }
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
        reader.readBut(part, scope);
    }

    /** Operators stand in expressions, before subqueries and behind ORDER BY … USING; {@code BETWEEN} is a word instead. */
    private void operator(Node node, Scope scope) {
        for (String field : List.of("name", "operName", "useOp")) {
            List<String> name = node.names(field);
            if (!name.isEmpty() && !Character.isLetter(name.getLast().charAt(0))) {
                found.operator(name);
            }
        }
        reader.readBut(node, scope);
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
        reader.readBut(option, scope);
    }

    /** What others refer to can be removed no longer: it takes a right of its own, REFERENCES (5.8 "Privileges"). */
    private void constraint(Node constraint, Scope scope) {
        if (constraint.has("pktable")) {
            found.effect("sql:reference", "table", TreeReader.path(constraint.child("pktable")));
        }
        for (Node exclusion : constraint.list("exclusions")) {
            exclusion.list("items").stream()
                    .filter(item -> item.is("List"))
                    .forEach(operator -> found.operator(operator.names("items")));
        }
        reader.readBut(constraint, scope);
    }

    private void sample(Node sample, Scope scope) {
        List<String> method = sample.names("method");
        if (!SAMPLING.contains(method.getLast())
                || method.size() > 1 && !method.getFirst().equals("pg_catalog")) {
            found.function(method);
        }
        reader.readBut(sample, scope);
    }

    /** Makes a value of a type: its input function, or a cast's, and a domain's checks are called. */
    private void typed(Node node, Scope scope) {
        List<String> type = node.child("typeName").names("names");
        if (!type.isEmpty()) {
            found.type(type);
        }
        reader.readBut(node, scope);
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
        reader.readBut(call, scope);
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
}
