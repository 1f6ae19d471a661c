package io.countersign.postgres.sql;

import io.countersign.postgres.sql.NotUnderstood.TooDeep;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's own parser, for any number of threads: a few instances, made when first needed and lent for one text at a time.
 * Who finds all of them lent waits; a short text takes tens of microseconds.
 */
final class PostgresParser {

    /** Bytes of UTF-8. The tree of a text takes up to a hundred times as much memory. */
    static final int LONGEST = 1 << 20;

    private static final Logger LOG = System.getLogger(PostgresParser.class.getName());

    private final Deque<ParserInstance> idle = new ConcurrentLinkedDeque<>();
    private final Semaphore permits;

    /** @param instances at most, 1 or more; each takes 10 MiB and one thread at a time */
    PostgresParser(int instances) {
        permits = new Semaphore(instances);
    }

    /**
     * A text as the parser has read it.
     *
     * @param text  in UTF-8
     * @param tree  as JSON
     * @param shape null where the tree is long
     * @param whole null where it is not: a long one is made while few are
     */
    record Parsed(
            byte[] text,
            byte[] tree,
            @Nullable Shape shape,
            @Nullable Node whole) {

        private static Parsed of(byte[] text, byte[] tree) throws IOException {
            Shape shape = Shape.of(tree, text.length);
            return new Parsed(text, tree, shape, shape == null ? Node.read(tree) : null);
        }

        Node node() throws IOException {
            return whole == null ? Node.read(tree) : whole;
        }
    }

    /**
     * The raw parse tree: a node whose {@code stmts} are the statements.
     *
     * @throws NotUnderstood if the server would not understand it, or this parser cannot
     */
    Node parse(String text) throws NotUnderstood {
        return read(text, (instance, bytes) -> Node.read(json(instance, bytes)));
    }

    /** As {@link #parse}, to be looked at before it is read. */
    Parsed parsed(String text) throws NotUnderstood {
        return read(text, (instance, bytes) -> Parsed.of(bytes, json(instance, bytes)));
    }

    /**
     * The PL/pgSQL in a CREATE FUNCTION or DO statement: a tree in which pieces of SQL are nodes {@code PLpgSQL_expr}.
     *
     * @throws NotUnderstood if there is none that can be read
     */
    Node plpgsql(String statement) throws NotUnderstood {
        return read(statement, (instance, bytes) -> Node.read(instance.plpgsql(bytes)));
    }

    private interface Question<T> {

        T ask(ParserInstance instance, byte[] text) throws NotUnderstood, IOException;
    }

    private <T> T read(String text, Question<T> question) throws NotUnderstood {
        byte[] bytes = checked(text);
        permits.acquireUninterruptibly();
        ParserInstance instance = null;
        boolean sound = false;
        try {
            instance = lend();
            T answer = question.ask(instance, bytes);
            sound = true;
            return answer;
        } catch (NotUnderstood e) {
            sound = true;
            throw e;
        } catch (IOException e) {
            sound = true;
            throw new NotUnderstood("the statement is nested too deeply to be read");
        } catch (StackOverflowError e) {
            throw new TooDeep();
        } catch (RuntimeException | OutOfMemoryError e) {
            if (e.getCause() instanceof StackOverflowError) {
                throw new TooDeep();
            }
            LOG.log(Level.WARNING, "PostgreSQL's parser failed and was discarded; the statement is refused", e);
            throw new NotUnderstood("the statement is too large to be read");
        } finally {
            if (sound && instance != null && !instance.isWornOut()) {
                idle.push(instance);
            }
            permits.release();
        }
    }

    /** Instances that wait to be lent. */
    int idle() {
        return idle.size();
    }

    private ParserInstance lend() {
        ParserInstance instance = idle.poll();
        return instance == null ? new ParserInstance() : instance;
    }

    /**
     * libpg_query rejects some comments that the server takes as white space, as between NOT and IN, so what it rejects is tried
     * once more without them.
     */
    private static byte[] json(ParserInstance instance, byte[] text) throws NotUnderstood {
        try {
            return instance.parse(text);
        } catch (NotUnderstood problem) {
            Optional<byte[]> blanked = Comments.blanked(text, instance);
            if (blanked.isEmpty()) {
                throw problem;
            }
            try {
                return instance.parse(blanked.get());
            } catch (NotUnderstood again) {
                throw problem;
            }
        }
    }

    /** Refuses what the server could read otherwise than this parser: NUL, half surrogates, and sheer length. */
    private static byte[] checked(String text) throws NotUnderstood {
        if (text.length() > LONGEST) {
            throw tooLong();
        }
        if (text.indexOf('\0') >= 0) {
            throw new NotUnderstood("the text contains a NUL character");
        }
        byte[] bytes;
        try {
            var encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
        } catch (CharacterCodingException e) {
            throw new NotUnderstood("the text is not valid Unicode");
        }
        if (bytes.length > LONGEST) {
            throw tooLong();
        }
        return bytes;
    }

    private static NotUnderstood tooLong() {
        return new NotUnderstood("the text is longer than " + LONGEST + " bytes, the most that is read");
    }
}
