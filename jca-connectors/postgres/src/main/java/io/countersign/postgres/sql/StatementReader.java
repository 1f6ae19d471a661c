package io.countersign.postgres.sql;

import io.countersign.api.Digest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a text of SQL as PostgreSQL 18 with {@code client_encoding} UTF8 and {@code standard_conforming_strings} on would; the
 * session must see to it that both are so. For any number of threads.
 *
 * <p>Decisions must not be keyed on anything coarser than the text's digest: PostgreSQL's own fingerprint takes
 * {@code DELETE FROM t} for {@code DELETE FROM t WHERE true}.
 */
public final class StatementReader {

    /** The longest text that is read, in bytes of UTF-8. */
    public static final int LONGEST = PostgresParser.LONGEST;

    private static final Logger LOG = System.getLogger(StatementReader.class.getName());

    private static final int INSTANCES = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 4);
    private static final long CACHED_BYTES = 32L << 20;

    private final PostgresParser parser = new PostgresParser(INSTANCES);
    private final StatementCache cache = new StatementCache(CACHED_BYTES);

    /** @throws NotUnderstood if the text must not be passed on because nobody can say what it would do */
    public Statements read(String text) throws NotUnderstood {
        Statements known = cache.get(text);
        if (known != null) {
            return known;
        }
        Statements statements = statements(text);
        cache.put(statements);
        return statements;
    }

    private Statements statements(String text) throws NotUnderstood {
        Node tree = parser.parse(text);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<Statement> statements = new ArrayList<>();
        try {
            for (Node raw : tree.list("stmts")) {
                int offset = raw.number("stmt_location");
                int length = raw.has("stmt_len") ? raw.number("stmt_len") : bytes.length - offset;
                Findings found = new Findings(offset, length);
                String kind = new TreeReader(found).statement(raw.child("stmt"));
                statements.add(found.statement(kind));
            }
        } catch (RuntimeException | StackOverflowError e) {
            LOG.log(Level.WARNING, "a parse tree is not as expected; the statement is refused", e);
            throw new NotUnderstood("the statement is too deeply nested or of an unknown form");
        }
        return new Statements(text, Digest.of(bytes), statements);
    }
}
