package io.countersign.postgres.sql;

import io.countersign.api.Digest;
import java.util.List;

/**
 * What a text says, statement by statement: immutable, and the same for the same text.
 *
 * @param text       exactly as it was sent
 * @param digest     SHA-256 of the text's bytes in UTF-8
 * @param statements in their order; none if the text has nothing but white space, comments and semicolons
 */
public record Statements(String text, Digest digest, List<Statement> statements) {

    /** Rough cost of it, in bytes. */
    private static final int ALONE = 500;

    public Statements {
        statements = List.copyOf(statements);
    }

    /** How much memory it takes, estimated. */
    long bytes() {
        return 2L * text.length() + bytes(statements);
    }

    static long bytes(List<Statement> statements) {
        return ALONE + statements.stream().mapToLong(Statement::bytes).sum();
    }

    public List<String> kinds() {
        return statements.stream().map(Statement::kind).toList();
    }
}
