package io.countersign.postgres.sql;

import io.countersign.postgres.sql.UsedNames.Ref;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Looks for columns, and for what could show any of them, in whatever stands beneath a node of the parse tree. */
final class Mentions {

    /** Steps to a part of a document, and nothing else (9.16.2 "The SQL/JSON Path Language", XPath 1.0 §2). */
    private static final Pattern PLAIN_PATH =
            Pattern.compile("((lax|strict)\\s+)?\\$?(text\\(\\)|\\[(\\d+|\\*)\\]|[./]\\*|[./@\\p{L}\\p{N}_\"])*+");

    private Mentions() {}

    static Ref ref(Node column) {
        List<Node> parts = column.list("fields");
        Node last = parts.getLast();
        String qualifier = parts.size() > 1 ? parts.get(parts.size() - 2).text("sval") : "";
        return new Ref(qualifier, last.is("A_Star") ? Statement.ALL_COLUMNS : last.text("sval"));
    }

    /** Every column that is mentioned anywhere in it. */
    static Set<Ref> refs(Node node) {
        Set<Ref> refs = new HashSet<>();
        collect(node, part -> {
            if (part.is("ColumnRef")) {
                refs.add(ref(part));
            } else if (part.is("A_Indirection")) {
                part.names("indirection").forEach(name -> refs.add(new Ref("", name)));
            } else if (code(part)) {
                refs.add(UsedNames.ANYTHING);
            }
        });
        return refs;
    }

    /** Whether it calls what may read any table. */
    static boolean code(Node node) {
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

    static void collect(Node node, Consumer<Node> visitor) {
        visitor.accept(node);
        node.children(child -> collect(child, visitor));
    }

    /** Whether it takes text apart or puts it together, so that a detector may not find in it what it would have found. */
    static boolean reshapes(Node node) {
        boolean[] found = {false};
        collect(node, part -> {
            boolean one = switch (part.type()) {
                case "FuncCall" ->
                    !ShowingFunctions.faithful(
                            part.names("funcname"), part.list("args").size());
                case "A_Expr" -> part.names("name").getLast().equals("||");
                case "TypeCast" -> ShowingFunctions.takesApart(part.child("typeName")) && textual(part.child("arg"));
                case "JsonFuncExpr", "RangeTableFunc", "JsonTable" -> calculates(part);
                case "A_Indirection" -> part.list("indirection").stream().anyMatch(step -> step.is("A_Indices"));
                default -> false;
            };
            found[0] |= one && !refs(part).isEmpty();
        });
        return found[0];
    }

    /** Whether its value may be a text that a table holds. */
    private static boolean textual(Node value) {
        return switch (value.type()) {
            case "ColumnRef" -> true;
            case "FuncCall" -> ShowingFunctions.answersText(value.names("funcname"));
            case "TypeCast" -> ShowingFunctions.type(value.child("typeName").names("names"));
            case "A_Expr" -> ShowingFunctions.operator(value.names("name"));
            case "CaseExpr" ->
                textual(value.child("defresult"))
                        || value.list("args").stream().anyMatch(when -> textual(when.child("result")));
            case "SubLink" ->
                value.child("subselect").list("targetList").stream().anyMatch(target -> textual(target.child("val")));
            case "CoalesceExpr", "MinMaxExpr", "A_ArrayExpr", "CollateClause", "A_Indirection" -> {
                boolean[] found = {false};
                value.children(child -> found[0] |= textual(child));
                yield found[0];
            }
            case "List" -> value.list("items").stream().anyMatch(Mentions::textual);
            default -> false;
        };
    }

    /** Whether a path or a type in it makes another value of what a document holds. */
    private static boolean calculates(Node query) {
        boolean[] found = {false};
        collect(query, part -> {
            found[0] |= part.has("typeName") && ShowingFunctions.takesApart(part.child("typeName"));
            for (String field : List.of("pathspec", "colexpr", "rowexpr", "string")) {
                Node path = part.child(field);
                found[0] |= part.has(field) && !path.has("string") && !plainPath(path);
            }
        });
        return found[0];
    }

    private static boolean plainPath(Node path) {
        return path.is("A_Const")
                && PLAIN_PATH.matcher(path.child("sval").text("sval")).matches();
    }
}
