package io.countersign.postgres;

import io.countersign.api.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a text says, read without knowing where: names are as written. {@link PostgresEffects} makes a command's content
 * of it, in a session's schemas.
 *
 * @param statements none where the text says nothing
 * @param error      why it could not be read; then there are no statements
 */
record Reading(List<Statement> statements, Optional<SyntaxError> error) {

    /**
     * One statement.
     *
     * @param kind       {@code SELECT}, {@code CREATE TABLE}, …
     * @param references names of columns it mentions
     * @param names      what it does to the session's own names
     */
    record Statement(String kind, List<Effect> effects, Set<String> references, Names names) {}

    /** What a statement does to names that live in the session. */
    sealed interface Names {

        record None() implements Names {}

        /** PREPARE name AS inner. */
        record Prepares(String name, Statement inner) implements Names {}

        /** EXECUTE name, perhaps inside another statement. */
        record Executes(String name) implements Names {}

        /** DEALLOCATE name, or of all, or DISCARD ALL. */
        record Deallocates(Optional<String> name) implements Names {}

        /** DECLARE name CURSOR. */
        record Declares(String name) implements Names {}

        /** FETCH, MOVE. */
        record Fetches(String name) implements Names {}
    }

    /**
     * As the server would report it.
     *
     * @param position in characters from 1, 0 where unknown
     */
    record SyntaxError(String message, int position) {}

    Reading {
        statements = List.copyOf(statements);
    }

    boolean empty() {
        return statements.isEmpty() && error.isEmpty();
    }

    List<String> kinds() {
        List<String> kinds = new ArrayList<>(statements.size());
        statements.forEach(statement -> kinds.add(statement.kind));
        return kinds;
    }

    static Reading failed(String message, int position) {
        return new Reading(List.of(), Optional.of(new SyntaxError(message, position)));
    }
}
