package io.countersign.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AMaskSeesWhichColumnsAreMentionedTest {

    private static final StatementReader READER = new StatementReader();

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
        SELECT card FROM t                                            => card
        SELECT s.t.card AS id FROM s.t                                => card .card
        SELECT substr(card, 1, 4) FROM t                              => card ()
        SELECT "Card" FROM t                                          => Card
        SELECT id FROM t WHERE card LIKE '4%' ORDER BY name           => card id name
        SELECT (SELECT max(card) FROM t)                              => card
        SELECT id FROM t UNION SELECT card FROM u                     => card id
        WITH c AS (SELECT card AS x FROM t) SELECT x FROM c           => card x
        SELECT x FROM (SELECT card FROM t) AS s (x)                   => card x
        SELECT a.id FROM a JOIN b USING (card)                        => card id .id
        INSERT INTO t (id) VALUES (1) RETURNING card                  => card
        UPDATE t SET id = 1 WHERE b RETURNING (SELECT card FROM u)    => b card
        COPY t (card, id) TO STDOUT                                   => card id
        SELECT 1                                                      => -
        """)
    void byName(String text, String names) throws NotUnderstood {
        assertThat(READER.read(text).statements().getFirst().references())
                .containsExactlyInAnyOrder(names.equals("-") ? new String[0] : names.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
        SELECT * FROM t                     => every column
        TABLE t                             => every column
        SELECT t.* FROM t                   => every column
        SELECT t FROM t                     => the row as a value
        SELECT x FROM t AS x                => the row by its alias
        SELECT to_json(x) FROM t AS x       => the row as an argument
        SELECT card(x) FROM t AS x          => a column as if it were a function
        SELECT (x).card FROM t AS x         => a column of the row
        SELECT count(x.*) FROM t AS x       => the row as an argument
        SELECT b FROM t AS x (a, b)         => columns renamed
        SELECT b FROM (t JOIN u USING (id)) AS j (a, b)   => columns renamed
        SELECT s FROM (SELECT card FROM t) AS s           => the row of a subquery
        WITH c AS (SELECT card FROM t) SELECT c FROM c    => the row of an expression
        DELETE FROM t WHERE a RETURNING t                 => the row as a value
        UPDATE t SET a = 1 RETURNING old                  => the row before
        UPDATE t SET a = 1 RETURNING WITH (NEW AS n) n    => the row after
        SELECT query_to_xml('TABLE t', true, false, '')   => whatever the text says
        COPY t TO STDOUT                                  => every column
        """)
    void orAsAWhole(String text, String why) throws NotUnderstood {
        assertThat(READER.read(text).statements().getFirst().references())
                .as(why)
                .contains(Statement.ALL_COLUMNS);
    }

    @Test
    void andNoMoreThanThat() throws NotUnderstood {
        assertThat(READER.read("SELECT id FROM customers AS c WHERE c.name = $1")
                        .statements()
                        .getFirst()
                        .references())
                .containsExactlyInAnyOrder("id", "name", ".name");
    }
}
