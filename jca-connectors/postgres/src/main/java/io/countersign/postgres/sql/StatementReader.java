package io.countersign.postgres.sql;

import io.countersign.api.Digest;
import io.countersign.postgres.sql.NotUnderstood.TooDeep;
import io.countersign.postgres.sql.PostgresParser.Parsed;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Reads a text of SQL as PostgreSQL 18 with {@code client_encoding} UTF8 and {@code standard_conforming_strings} on would; the
 * session must see to it that both are so. For any number of threads.
 *
 * <p>Each text is parsed; what a tree says is kept by all of it that is read ({@link Shape}), and nothing by less: PostgreSQL's
 * own fingerprint takes {@code DELETE FROM t} for {@code DELETE FROM t WHERE true}. Approvals are for one text only.
 */
public final class StatementReader {

    /** The longest text that is read, in bytes of UTF-8. */
    public static final int LONGEST = PostgresParser.LONGEST;

    private static final Logger LOG = System.getLogger(StatementReader.class.getName());

    private static final int INSTANCES = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 4);
    private static final long CACHED_BYTES = 32L << 20;
    private static final long SHAPE_BYTES = 8L << 20;

    /** Characters; longer texts are seldom sent twice. */
    private static final int LONGEST_CACHED = 16 * 1024;

    /** Bytes; the parser's own stack outlasts it. */
    private static final long DEEP_STACK = 16L << 20;

    private final PostgresParser parser = new PostgresParser(INSTANCES);
    private final Object deep = new Object();
    private final Remembered<Shape, List<Statement>> shapes = new Remembered<>(SHAPE_BYTES);
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
        Parsed parsed = parser.parsed(text);
        try {
            return new Statements(text, Digest.of(parsed.text()), shaped(parsed));
        } catch (StackOverflowError e) {
            throw new TooDeep();
        } catch (IOException e) {
            throw new NotUnderstood("the statement is nested too deeply to be read");
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a parse tree is not as expected; the statement is refused", e);
            throw new NotUnderstood("the statement is of an unknown form");
        }
    }

    /** What is read of a shape is what any text of that shape says. */
    private List<Statement> shaped(Parsed parsed) throws IOException {
        Shape shape = parsed.shape();
        if (shape == null) {
            return whole(parsed);
        }
        List<Statement> known = shapes.get(shape);
        if (known != null) {
            return known;
        }
        try {
            List<Statement> statements = statements(shape.tree(), shape.length(), new CodeReader(parser, null));
            shapes.put(shape, statements, shape.bytes() + Statements.bytes(statements));
            return statements;
        } catch (Shape.Unsaid e) {
            return whole(parsed);
        }
    }

    private List<Statement> whole(Parsed parsed) throws IOException {
        return statements(parsed.node(), parsed.text().length, new CodeReader(parser, parsed.text()));
    }

    /** @param end of the text, in bytes */
    static List<Statement> statements(Node tree, int end, CodeReader code) {
        List<Statement> statements = new ArrayList<>();
        for (Node raw : tree.list("stmts")) {
            int offset = raw.number("stmt_location");
            int length = raw.has("stmt_len") ? raw.number("stmt_len") : end - offset;
            Findings found = new Findings(code, offset, length);
            String kind = new TreeReader(found).statement(raw.child("stmt"));
            UseReader uses = new UseReader();
            uses.statement(raw.child("stmt"));
            statements.add(found.statement(kind, uses));
        }
        return List.copyOf(statements);
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
