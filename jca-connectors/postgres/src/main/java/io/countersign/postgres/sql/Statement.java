package io.countersign.postgres.sql;

import io.countersign.api.Effect;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one statement says, without knowing where: names are as written, part by part.
 *
 * @param kind       what it is, as PostgreSQL's command tags name it: {@code SELECT}, {@code DROP TABLE}; {@code UNKNOWN} if
 *                   this package does not know its node
 * @param offset     where it starts in the text, in bytes of UTF-8
 * @param length     in bytes of UTF-8
 * @param effects    what it would do, at least one; without the functions that it calls
 * @param calls      {@code sql:call} for each function that is not known to be harmless, and each operator and type that is
 *                   not PostgreSQL's own
 * @param presumed   {@code sql:call} for each that is taken for PostgreSQL's own, though its name is written without a schema:
 *                   another is called where the session's schemas put one in front
 * @param functions  every function that it calls by name, once
 * @param flags      what else is true of it; the effects' flags are among them
 * @param references last parts of names of columns that it mentions, {@value #ALL_COLUMNS} where it mentions whole rows or
 *                   renames columns that it does not name, and {@value #PART} before what is no column but a function of
 *                   whole rows unless it is a column's name; {@value #ANYTHING} where it may show what stands in no column
 *                   that it names, {@value #RESHAPED} where it takes texts apart or puts them together
 * @param elsewhere  those that it uses otherwise than to show them: as a condition, an order, a group, a copy
 * @param names      what it does to names that live in the session
 */
public record Statement(
        String kind,
        int offset,
        int length,
        List<Effect> effects,
        List<Effect> calls,
        List<Effect> presumed,
        List<List<String>> functions,
        Set<String> flags,
        Set<String> references,
        Set<String> elsewhere,
        SessionName names) {

    /** Stands among references for columns that are not named. */
    public static final String ALL_COLUMNS = "*";

    /** Stands before a name that follows a row, or that no table may have. */
    public static final String PART = ".";

    /** Stands among references for what code answers that no parser sees, and elsewhere for what it does with any column. */
    public static final String ANYTHING = "**";

    /** Stands among references for a value that a detector may not find any more. */
    public static final String RESHAPED = "()";

    /** Stands among settings for any of them. */
    public static final String ANY = "*";

    /** Rough cost of an effect or name, in bytes. */
    private static final int COST = 150;

    public Statement {
        effects = List.copyOf(effects);
        calls = List.copyOf(calls);
        presumed = List.copyOf(presumed);
        functions = List.copyOf(functions);
        if (effects.isEmpty()) {
            throw new IllegalArgumentException("a statement without an effect cannot be judged");
        }
    }

    /** How much memory it takes, estimated. */
    public long bytes() {
        return COST
                * (2L
                        + effects.size()
                        + calls.size()
                        + presumed.size()
                        + functions.size()
                        + references.size()
                        + elsewhere.size());
    }

    /** Everything a rule should see: its effects and its calls. */
    public List<Effect> allEffects() {
        Set<Effect> all = new LinkedHashSet<>(effects);
        all.addAll(calls);
        return List.copyOf(all);
    }

    /**
     * Names of settings that it would change by any way (SET, RESET, set_config, ALTER ROLE, ALTER DATABASE, ALTER SYSTEM,
     * CREATE FUNCTION, pg_settings), in lower case; {@value #ANY} where it could be any of them. Code that no parser sees is not
     * among the ways.
     */
    public Set<String> settings() {
        return effects.stream()
                .filter(effect -> effect.resource().kind().equals("setting")
                        && !effect.action().equals("sql:show"))
                .map(effect -> effect.resource().path().isEmpty()
                        ? ANY
                        : effect.resource().path().getFirst())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What a statement does to names that live in the session only, and that no later text explains. */
    public sealed interface SessionName {

        record None() implements SessionName {}

        /** PREPARE name AS inner; the statement's effects include the inner one's. */
        record Prepares(String name, Statement inner) implements SessionName {}

        /** EXECUTE name, perhaps inside EXPLAIN or CREATE TABLE AS: does what the session prepared by that name. */
        record Executes(String name) implements SessionName {}

        /** DEALLOCATE of one name or, if empty, of all; DISCARD ALL. */
        record Deallocates(Optional<String> name) implements SessionName {}

        /** DECLARE name CURSOR FOR the statement, perhaps WITH HOLD. */
        record Declares(String name, boolean outlivesTransaction) implements SessionName {}

        /** CLOSE of one cursor or, if empty, of all. */
        record Closes(Optional<String> name) implements SessionName {}

        /** SAVEPOINT, RELEASE or ROLLBACK TO, as the statement's kind says. */
        record Savepoint(String name) implements SessionName {}

        /** FETCH or MOVE: answers rows of the cursor by that name. */
        record Fetches(String name) implements SessionName {}
    }
}
