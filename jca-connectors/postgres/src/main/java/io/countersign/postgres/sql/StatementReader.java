package io.countersign.postgres.sql;

import io.countersign.api.Digest;
import io.countersign.postgres.sql.NotUnderstood.TooDeep;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

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

    /** Characters; longer texts are seldom sent twice. */
    private static final int LONGEST_CACHED = 16 * 1024;

    /** Bytes; the parser's own stack outlasts it. */
    private static final long DEEP_STACK = 16L << 20;

    private final PostgresParser parser = new PostgresParser(INSTANCES);
    private final Object deep = new Object();
    private final Remembered<String, Statements> cache = new Remembered<>(CACHED_BYTES);

    /**
     * What a text says.
     *
     * @throws NotUnderstood if the text must not be passed on because nobody can say what it would do
     */
    public Statements read(String text) throws NotUnderstood {
        Statements known = cache.get(text);
        if (known != null) {
            return known;
        }
        Statements statements;
        try {
            statements = statements(text);
        } catch (TooDeep e) {
            statements = onDeepStack(text);
        }
        if (text.length() <= LONGEST_CACHED) {
            cache.put(text, statements, statements.bytes());
        }
        return statements;
    }

    private Statements statements(String text) throws NotUnderstood {
        Node tree = parser.parse(text);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        CodeReader code = new CodeReader(parser, bytes);
        List<Statement> statements = new ArrayList<>();
        try {
            for (Node raw : tree.list("stmts")) {
                int offset = raw.number("stmt_location");
                int length = raw.has("stmt_len") ? raw.number("stmt_len") : bytes.length - offset;
                Findings found = new Findings(code, offset, length);
                String kind = new TreeReader(found).statement(raw.child("stmt"));
                UseReader uses = new UseReader();
                uses.statement(raw.child("stmt"));
                statements.add(found.statement(kind, uses));
            }
        } catch (StackOverflowError e) {
            throw new TooDeep();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a parse tree is not as expected; the statement is refused", e);
            throw new NotUnderstood("the statement is of an unknown form");
        }
        return new Statements(text, Digest.of(bytes), statements);
    }

    /** Reads what callers' stacks are too small for, one text at a time: how deep one may nest must not depend on who asks. */
    private Statements onDeepStack(String text) throws NotUnderstood {
        FutureTask<Statements> task = new FutureTask<>(() -> statements(text));
        synchronized (deep) {
            new Thread(null, task, "countersign-deep-statement", DEEP_STACK).start();
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        return task.get();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    } catch (ExecutionException e) {
                        throw e.getCause() instanceof NotUnderstood known
                                ? known
                                : new NotUnderstood("the statement is too large to be read");
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
