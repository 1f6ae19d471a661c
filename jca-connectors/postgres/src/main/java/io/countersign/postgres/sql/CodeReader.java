package io.countersign.postgres.sql;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the statements inside code that stands in a statement: SQL (36.5 "Query Language Functions") and PL/pgSQL (chapter 41).
 * What it finds adds effects; what it cannot read, as a text that is put together at run time, adds none, so code remains
 * opaque whatever is found in it.
 */
final class CodeReader {

    /** Code in code; deeper is left unread. */
    private static final int DEEPEST = 5;

    /** Pieces of code in one text; more are left unread. */
    private static final int MOST = 1_000;

    /** How a piece of PL/pgSQL is to be parsed (raw_parser's RawParseMode). */
    private static final int WHOLE_STATEMENT = 0;

    private static final int EXPRESSION = 2;
    private static final int ASSIGNMENT = 3;

    /** Their texts are run as statements: EXECUTE and the loops, cursors and results over it. */
    private static final Set<String> DYNAMIC = Set.of("PLpgSQL_stmt_dynexecute", "PLpgSQL_stmt_dynfors");

    private final PostgresParser parser;
    private final byte @Nullable [] text;
    private int depth;
    private int read;

    /** @param text in which the statement stands; null where only its shape is read, which does not say it */
    CodeReader(PostgresParser parser, byte @Nullable [] text) {
        this.parser = parser;
        this.text = text;
    }

    /** Reads statements of SQL. */
    void sql(String code, Findings found) {
        if (depth >= DEEPEST || read >= MOST) {
            return;
        }
        depth++;
        read++;
        try {
            for (Node raw : parser.parse(code).list("stmts")) {
                Findings inner = found.fresh();
                new TreeReader(inner).statement(raw.child("stmt"));
                inner.codeInto(found);
            }
        } catch (NotUnderstood e) {
            found.flag("opaque");
        } finally {
            depth--;
        }
    }

    /** Reads the body of a DO block. */
    void block(String code, Findings found) {
        plpgsql("DO '" + code.replace("'", "''") + "'", found);
    }

    /**
     * Reads the body of the CREATE FUNCTION that the findings are about; its arguments are names in it.
     *
     * @throws Shape.Unsaid where the text is not there
     */
    void function(Findings found) {
        if (text == null) {
            throw new Shape.Unsaid();
        }
        plpgsql(
                new String(
                        Arrays.copyOfRange(text, found.offset(), found.offset() + found.length()),
                        StandardCharsets.UTF_8),
                found);
    }

    private void plpgsql(String statement, Findings found) {
        if (depth >= DEEPEST) {
            return;
        }
        depth++;
        try {
            pieces(parser.plpgsql(statement), found);
        } catch (NotUnderstood e) {
            found.flag("opaque");
        } finally {
            depth--;
        }
    }

    private void pieces(Node node, Findings found) {
        if (node.is("PLpgSQL_expr")) {
            piece(node, found);
            return;
        }
        Node dynamic = DYNAMIC.contains(node.type()) ? node.child("query") : node.child("dynquery");
        constant(dynamic).ifPresent(code -> sql(code, found));
        node.children(child -> pieces(child, found));
    }

    private void piece(Node piece, Findings found) {
        String code = piece.text("query");
        int mode = piece.number("parseMode");
        if (mode == WHOLE_STATEMENT) {
            sql(code, found);
        } else if (mode == EXPRESSION) {
            sql("SELECT " + code, found);
        } else if (mode >= ASSIGNMENT) {
            sql("SELECT " + values(code), found);
        }
    }

    /** {@code target[f(x)] := value}, both sides as if they were selected. */
    private static String values(String assignment) {
        boolean quoted = false;
        int brackets = 0;
        for (int i = 0; i < assignment.length(); i++) {
            char c = assignment.charAt(i);
            quoted ^= c == '"';
            if (!quoted) {
                brackets += c == '[' ? 1 : c == ']' ? -1 : 0;
                if (brackets == 0 && c == '=') {
                    int end = i > 0 && assignment.charAt(i - 1) == ':' ? i - 1 : i;
                    return assignment.substring(0, end) + ", " + assignment.substring(i + 1);
                }
            }
        }
        return assignment;
    }

    /** What EXECUTE runs, where it is a plain string. */
    private Optional<String> constant(Node piece) {
        String code = piece.text("query");
        if (code.isEmpty() || read >= MOST) {
            return Optional.empty();
        }
        try {
            List<Node> statements = parser.parse("SELECT " + code).list("stmts");
            List<Node> targets = statements.getFirst().child("stmt").list("targetList");
            if (targets.isEmpty()) {
                return Optional.empty();
            }
            Node value = targets.getFirst().child("val");
            return value.is("A_Const") && value.has("sval")
                    ? Optional.of(value.child("sval").text("sval"))
                    : Optional.empty();
        } catch (NotUnderstood e) {
            return Optional.empty();
        }
    }
}
