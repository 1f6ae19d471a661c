package io.countersign.postgres;

import io.countersign.api.Digest;
import io.countersign.postgres.sql.NotUnderstood;
import io.countersign.postgres.sql.Statement;
import io.countersign.postgres.sql.StatementReader;
import io.countersign.postgres.sql.Statements;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What a text says, read without knowing where: names are as written. {@link PostgresEffects} makes a command's content
 * of it, in a session's schemas.
 *
 * @param statements none where the text says nothing
 * @param error      why it could not be read; then there are no statements
 */
record Reading(String text, Digest digest, List<Statement> statements, Optional<SyntaxError> error) {

    /**
     * As the server would report it.
     *
     * @param position in characters from 1, 0 where unknown
     */
    record SyntaxError(String message, int position) {}

    Reading {
        statements = List.copyOf(statements);
    }

    static Reading of(StatementReader reader, String text) {
        try {
            Statements read = reader.read(text);
            return new Reading(text, read.digest(), read.statements(), Optional.empty());
        } catch (NotUnderstood e) {
            return failed(text, String.valueOf(e.getMessage()), e.position());
        }
    }

    static Reading failed(String text, String message, int position) {
        return new Reading(
                text,
                Digest.of(text.getBytes(StandardCharsets.UTF_8)),
                List.of(),
                Optional.of(new SyntaxError(message, position)));
    }

    /** What a statement prepared by PREPARE says: the text is that of the PREPARE. */
    Reading inner(Statement statement) {
        return new Reading(text, digest, List.of(statement), Optional.empty());
    }

    boolean empty() {
        return statements.isEmpty() && error.isEmpty();
    }

    List<String> kinds() {
        return statements.stream().map(Statement::kind).toList();
    }

    /** Whether its statements are of these kinds, one by one. */
    boolean isOf(List<String> kinds) {
        boolean same = statements.size() == kinds.size();
        for (int i = 0; same && i < kinds.size(); i++) {
            same = statements.get(i).kind().equals(kinds.get(i));
        }
        return same;
    }

    boolean has(String kind) {
        for (Statement statement : statements) {
            if (statement.kind().equals(kind)) {
                return true;
            }
        }
        return false;
    }
}
