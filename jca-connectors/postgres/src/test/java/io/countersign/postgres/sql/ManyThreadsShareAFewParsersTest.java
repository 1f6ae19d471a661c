package io.countersign.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ManyThreadsShareAFewParsersTest {

    @Test
    void andEachGetsItsOwnAnswer() throws Exception {
        PostgresParser parser = new PostgresParser(2);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int own = thread;
                answers.add(threads.submit(() -> wrong(parser, own)));
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isZero();
            }
        }
        assertThat(parser.idle()).isBetween(1, 2);
    }

    @Test
    void memoryDoesNotGrow() throws Exception {
        ParserInstance instance = new ParserInstance();
        byte[] good = "SELECT a FROM t WHERE b = 1".getBytes(StandardCharsets.UTF_8);
        byte[] bad = "SELECT a, FROM t".getBytes(StandardCharsets.UTF_8);
        parse(instance, good, bad, 500);
        int before = instance.pages();
        parse(instance, good, bad, 20_000);
        assertThat(instance.pages()).isEqualTo(before);
    }

    private static int wrong(PostgresParser parser, int own) throws NotUnderstood {
        int wrong = 0;
        for (int i = 0; i < 300; i++) {
            String table = "t" + own + "_" + i;
            Node statement = parser.parse("DELETE FROM " + table + " WHERE a = " + i)
                    .list("stmts")
                    .getFirst()
                    .child("stmt");
            if (!statement.child("relation").text("relname").equals(table)) {
                wrong++;
            }
        }
        return wrong;
    }

    private static void parse(ParserInstance instance, byte[] good, byte[] bad, int times) throws NotUnderstood {
        for (int i = 0; i < times; i++) {
            if (i % 10 != 0) {
                instance.parse(good);
                continue;
            }
            try {
                instance.parse(bad);
                throw new AssertionError("it was accepted");
            } catch (NotUnderstood expected) {
                assertThat(expected).hasMessageContaining("syntax error");
            }
        }
    }
}
