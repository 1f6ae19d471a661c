package io.countersign.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TheCacheKeepsWithinItsBoundTest {

    private final StatementReader reader = new StatementReader();
    private final Remembered<String, Statements> cache = new Remembered<>(20_000);

    @Test
    void aTextThatComesAgainGivesTheSameInstance() throws NotUnderstood {
        reader.read("SELECT 1");
        assertThat(reader.read("SELECT 1")).isSameAs(reader.read(new String("SELECT 1")));
        assertThat(reader.read("SELECT 1 ")).isNotSameAs(reader.read("SELECT 1"));
    }

    @Test
    void whatIsAskedForStaysAndTheRestGoes() throws NotUnderstood {
        Statements wanted = twice("SELECT 'wanted'");
        for (int i = 0; i < 200; i++) {
            twice("SELECT " + i);
            assertThat(cache.get("SELECT 'wanted'")).isSameAs(wanted);
            assertThat(cache.bytes()).isLessThanOrEqualTo(20_000);
        }
        assertThat(cache.get("SELECT 0")).isNull();
        assertThat(cache.get("SELECT 199")).isNotNull();
        assertThat(cache.size()).isBetween(5, 40);
    }

    @Test
    void whatComesOncePushesNothingOut() throws NotUnderstood {
        Statements wanted = twice("SELECT 'seldom wanted'");
        for (int i = 0; i < 200; i++) {
            cache.put("SELECT " + i, wanted, 1_000);
        }
        assertThat(cache.size()).isEqualTo(1);
        assertThat(cache.get("SELECT 'seldom wanted'")).isSameAs(wanted);
    }

    @Test
    void longTextsAreNotKept() throws NotUnderstood {
        String text = "SELECT '" + "x".repeat(20_000) + "'";
        reader.read(text);
        assertThat(reader.read(text)).isNotSameAs(reader.read(text));
    }

    private Statements twice(String text) throws NotUnderstood {
        Statements statements = reader.read(text);
        cache.put(text, statements, statements.bytes());
        cache.put(text, statements, statements.bytes());
        return statements;
    }
}
