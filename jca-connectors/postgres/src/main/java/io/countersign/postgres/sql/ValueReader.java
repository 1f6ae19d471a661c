package io.countersign.postgres.sql;

import static io.countersign.postgres.sql.UsedNames.ANYTHING;

import io.countersign.postgres.sql.UsedNames.Ref;
import java.util.List;

/**
 * Finds which columns a value shows and which something depends on (chapter 4.2 "Value Expressions"): the arguments of a
 * function that only passes them on are shown, those of any other are used.
 */
final class ValueReader {

    private final UsedNames known;
    private final UseReader statements;
    private boolean reshapes;

    /** Whether {@code excluded} is the row that was to be inserted, here and now (INSERT, "ON CONFLICT Clause"). */
    private boolean excluded;

    ValueReader(UsedNames known, UseReader statements) {
        this.known = known;
        this.statements = statements;
    }

    /** Whether text that is shown was taken apart or put together before. */
    boolean reshapes() {
        return reshapes;
    }

    /**
     * A column of an answer.
     *
     * @param testing whether something depends on it
     */
    void answered(Node node, boolean testing) {
        if (testing) {
            test(node);
        } else {
            show(node);
            made(node);
        }
    }

    /** What is shown is written so that a detector may not find it. */
    void reshaped() {
        reshapes = true;
    }

    /** What is shown is made of this. */
    void made(Node node) {
        reshapes |= Mentions.reshapes(node);
    }

    /** What an insert does about rows that are there. */
    void onConflict(Node clause) {
        boolean outer = excluded;
        excluded = !known.row("excluded");
        test(clause);
        excluded = outer;
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
                    statements.query(node.child("subselect"), false);
                } else {
                    test(node);
                }
            }
            case "FuncCall" -> {
                List<String> name = node.names("funcname");
                List<Node> arguments = node.list("args");
                boolean all = ShowingFunctions.showsAll(name);
                boolean first = ShowingFunctions.showsFirst(name)
                        && (!ShowingFunctions.grows(name)
                                || arguments.stream().skip(1).allMatch(argument -> argument.is("A_Const")));
                for (int i = 0; i < arguments.size(); i++) {
                    if (all || i == 0 && first) {
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
    void test(Node node) {
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
            case "SelectStmt" -> inside(() -> statements.query(node, true));
            case "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt" -> inside(() -> statements.change(node));
            case "SubLink" -> {
                test(node.child("testexpr"));
                boolean exists = node.text("subLinkType").equals("EXISTS_SUBLINK");
                inside(() -> statements.query(node.child("subselect"), !exists));
            }
            case "A_Indirection" -> {
                node.names("indirection").forEach(part -> known.use(new Ref("", part)));
                node.children(this::test);
            }
            case "RangeVar" -> statements.relation(node);
            case "Constraint" -> {
                statements.keys(node);
                node.children(this::test);
            }
            default -> {
                if (Mentions.code(node)) {
                    known.use(ANYTHING);
                }
                if (node.has("relname")) {
                    statements.relation(node);
                } else {
                    node.children(this::test);
                }
            }
        }
    }

    void test(List<Node> nodes) {
        nodes.forEach(this::test);
    }

    /** {@code excluded} means the row that was to be inserted only outside of subqueries. */
    private void inside(Runnable read) {
        boolean outer = excluded;
        excluded = false;
        read.run();
        excluded = outer;
    }
}
