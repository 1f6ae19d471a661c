package io.countersign.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was read of a text serves others that differ in numbers only, and only where it says of them what it is. */
class TextsOfOneShapeSayTheSameTest {

    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final int VARIANTS = 5;

    private final StatementReader reader = new StatementReader();
    private final PostgresParser parser = new PostgresParser(1);

    @Test
    void theirStatementsAreTheSameOnes() throws NotUnderstood {
        read("SELECT abalance FROM pgbench_accounts WHERE aid = 10001;");
        List<Statement> second = read("SELECT abalance FROM pgbench_accounts WHERE aid = 10002;");

        assertThat(read("SELECT abalance FROM pgbench_accounts WHERE aid = 10003;"))
                .isSameAs(second);
        assertThat(read("SELECT abalance FROM pgbench_accounts WHERE bid = 10003;"))
                .isNotSameAs(second)
                .isNotEqualTo(second);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT a, secret FROM t ORDER BY 1",
                "SELECT a, secret FROM t GROUP BY a, 1",
                "SELECT DISTINCT ON (1) a, secret FROM t",
                "SELECT count(*) FROM (SELECT a, secret FROM t ORDER BY 1 LIMIT 1) s",
                "SET work_mem = 1",
                "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t; RETURN 1; END $$",
                "DO $$ BEGIN DELETE FROM t WHERE a = 1; END $$",
                "SELECT '\"ival\":1', '\\\"ival\\\":1' AS \"\"\"location\"\":1\" FROM t",
                "SELECT set_config('work_mem', '1', false) FROM t WHERE a = 1",
                "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
                "SELECT 1; DELETE FROM t WHERE a = 1; SELECT 1.5, -1, 0, 2147483647, 2147483648"
            })
    void whereANumberMattersItIsRead(String text) throws Exception {
        for (int number = 0; number < 4; number++) {
            for (int again = 0; again < 3; again++) {
                saysWhatItSaysAlone(text.replace('1', (char) ('0' + number)));
            }
        }
    }

    @Test
    void everyTextSaysWhatItSaysAlone() throws Exception {
        Random random = new Random(20_261_121);
        List<String> texts = new ArrayList<>();
        for (String file : List.of("statements.txt", "evasions.txt", "../mask-evasions.txt")) {
            for (Corpus.Line line : Corpus.lines(file)) {
                texts.add(line.sent());
                texts.add(line.sent() + "; SELECT a, b FROM t WHERE a = 7 ORDER BY 1");
                texts.add("SELECT x FROM u WHERE y IN (1, 22, 333) LIMIT 10; " + line.sent());
            }
        }
        int read = 0;
        for (int variant = 0; variant < VARIANTS; variant++) {
            for (String text : texts) {
                String other = NUMBER.matcher(text).replaceAll(found -> number(found.group(), random));
                read += saysWhatItSaysAlone(other) ? 1 : 0;
            }
        }
        assertThat(read).isGreaterThan(8_000);
    }

    /** Mostly of as many digits, so that the shape is often the same. */
    private static String number(String digits, Random random) {
        int among = random.nextInt(10);
        return among == 0
                ? Integer.toString(random.nextInt(5))
                : Integer.toString(random.nextInt((int) Math.pow(10, Math.min(digits.length(), 9)))
                        + (among == 1 ? 1 << 30 : 0));
    }

    private boolean saysWhatItSaysAlone(String text) throws NotUnderstood, IOException {
        List<Statement> alone;
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            alone = StatementReader.statements(parser.parse(text), bytes.length, new CodeReader(parser, bytes));
        } catch (NotUnderstood e) {
            return false;
        }
        assertThat(read(text)).as(text).isEqualTo(alone);
        return true;
    }

    private List<Statement> read(String text) throws NotUnderstood {
        return reader.read(text).statements();
    }
}
