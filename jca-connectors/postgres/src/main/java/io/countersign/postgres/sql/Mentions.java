package io.countersign.postgres.sql;

import io.countersign.postgres.sql.UsedNames.Ref;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Looks for columns, and for what could show any of them, in whatever stands beneath a node of the parse tree. */
final class Mentions {

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
}
