package io.countersign.postgres.sql;

import java.util.ArrayList;
import java.util.List;

/** The name that the server gives to a column of an answer that has none of its own (7.3.2 "Column Labels"). */
final class ColumnNames {

    private ColumnNames() {}

    /** Empty where it is none that one could refer to; {@value Statement#ALL_COLUMNS} for a star. */
    static String of(Node value) {
        return switch (value.type()) {
            case "ColumnRef" -> {
                Node last = value.list("fields").getLast();
                yield last.is("A_Star") ? Statement.ALL_COLUMNS : last.text("sval");
            }
            case "A_Indirection" -> {
                List<Node> steps = value.list("indirection");
                Node last = steps.getLast();
                yield last.is("A_Star")
                        ? Statement.ALL_COLUMNS
                        : last.is("String") ? last.text("sval") : of(value.child("arg"));
            }
            case "FuncCall" -> value.names("funcname").getLast();
            case "TypeCast" -> {
                String inner = of(value.child("arg"));
                List<String> type = value.child("typeName").names("names");
                yield inner.isEmpty() && !type.isEmpty() ? type.getLast() : inner;
            }
            case "CollateClause" -> of(value.child("arg"));
            case "CaseExpr" -> {
                String last = of(value.child("defresult"));
                yield last.isEmpty() ? "case" : last;
            }
            case "SubLink" -> {
                List<String> names = ofQuery(value.child("subselect"));
                yield switch (value.text("subLinkType")) {
                    case "EXISTS_SUBLINK" -> "exists";
                    case "ARRAY_SUBLINK" -> "array";
                    default -> names.isEmpty() ? "" : names.getFirst();
                };
            }
            case "A_ArrayExpr" -> "array";
            case "RowExpr" -> "row";
            case "CoalesceExpr" -> "coalesce";
            case "MinMaxExpr" -> value.text("op").equals("IS_LEAST") ? "least" : "greatest";
            case "XmlExpr" -> value.text("op").replace("IS_", "").toLowerCase(java.util.Locale.ROOT);
            case "A_Expr" -> value.text("kind").equals("AEXPR_NULLIF") ? "nullif" : "";
            default -> "";
        };
    }

    /** The names of a query's columns, those of its first part; empty where a star stands for some. */
    static List<String> ofQuery(Node query) {
        if (query.has("larg")) {
            return ofQuery(query.child("larg"));
        }
        List<String> names = new ArrayList<>();
        List<Node> targets =
                query.has("returningClause") ? query.child("returningClause").list("exprs") : query.list("targetList");
        for (Node target : targets) {
            names.add(target.has("name") ? target.text("name") : of(target.child("val")));
        }
        for (Node row : query.list("valuesLists").stream().limit(1).toList()) {
            for (int i = 1; i <= row.list("items").size(); i++) {
                names.add("column" + i);
            }
        }
        return names.contains(Statement.ALL_COLUMNS) ? List.of() : names;
    }

    /** Names given in their place from the first on. */
    static List<String> renamed(List<String> names, List<String> given) {
        if (given.size() >= names.size()) {
            return given;
        }
        List<String> all = new ArrayList<>(given);
        all.addAll(names.subList(given.size(), names.size()));
        return all;
    }
}
