package io.countersign.postgres;

import io.countersign.api.Content;
import io.countersign.postgres.sql.Statement;
import java.util.List;
import java.util.Set;

/**
 * The EXPLAIN of a command that waits, or why there is none. Planning computes what does not depend on rows, so it may run
 * functions: only a statement whose functions are known to be harmless is planned before it is approved.
 */
sealed interface Explanation {

    /** Longer statements are not sent twice, in characters. */
    int LONGEST = 64 * 1024;

    /** What can be explained and changes or answers rows. */
    Set<String> KINDS = Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE");

    /** Never ANALYZE, which would run it. */
    String PREFIX = "/* countersign: plan of a held command */ EXPLAIN (ANALYZE FALSE, FORMAT JSON) ";

    /** @param text to be sent where {@link PlanRisks} finds nothing */
    record Possible(String text) implements Explanation {}

    /** @param reason one sentence, for whoever decides */
    record Impossible(String reason) implements Explanation {}

    /** It is nothing that a plan is made for. */
    record Pointless() implements Explanation {}

    static Explanation of(Asked asked, PostgresEffects effects) {
        List<Statement> statements = asked.reading().statements();
        if (statements.stream().noneMatch(statement -> KINDS.contains(statement.kind()))) {
            return new Pointless();
        }
        if (statements.size() > 1) {
            return new Impossible("The message has several statements, and each may change what the next one does.");
        }
        if (asked.reading().text().length() > LONGEST) {
            return new Impossible("The statement is longer than " + LONGEST + " characters.");
        }
        if (calls(asked.content())) {
            return new Impossible(
                    "It uses functions, operators or types that are not known to be harmless, and planning"
                            + " may run them.");
        }
        if (temporary(asked.content())) {
            return new Impossible(
                    "Temporary objects of the session may stand in its tables' place, and nobody else sees them.");
        }
        String text = PREFIX + asked.reading().text();
        List<Statement> explained = effects.read(text).statements();
        return explained.size() == 1
                        && explained.getFirst().kind().equals("EXPLAIN")
                        && !explained.getFirst().flags().contains("explain-analyze")
                ? new Possible(text)
                : new Impossible("Its text is not one that EXPLAIN can stand before.");
    }

    private static boolean calls(Content content) {
        return content.effects().stream()
                .anyMatch(effect ->
                        effect.action().equals("sql:call") || effect.flags().contains("opaque"));
    }

    private static boolean temporary(Content content) {
        return content.effects().stream()
                .anyMatch(effect -> effect.resource().path().size() > 1
                        && effect.resource().path().getFirst().startsWith("pg_temp"));
    }
}
