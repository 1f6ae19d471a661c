package io.countersign.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TheCacheKeepsWithinItsBoundTest {

    private final StatementReader reader = new StatementReader();
    private final StatementCache cache = new StatementCache(20_000);

    @Test
    void theSameTextGivesTheSameInstance() throws NotUnderstood {
        assertThat(reader.read("SELECT 1")).isSameAs(reader.read(new String("SELECT 1")));
        assertThat(reader.read("SELECT 1 ")).isNotSameAs(reader.read("SELECT 1"));
    }

    @Test
    void whatIsAskedForStaysAndTheRestGoes() throws NotUnderstood {
        Statements wanted = reader.read("SELECT 'wanted'");
        cache.put(wanted);
        for (int i = 0; i < 200; i++) {
            cache.put(reader.read("SELECT " + i));
            assertThat(cache.get("SELECT 'wanted'")).isSameAs(wanted);
            assertThat(cache.bytes()).isLessThanOrEqualTo(20_000);
        }
        assertThat(cache.get("SELECT 0")).isNull();
        assertThat(cache.get("SELECT 199")).isNotNull();
        assertThat(cache.size()).isBetween(5, 40);
    }

    @Test
    void longTextsAreNotKept() throws NotUnderstood {
        String text = "SELECT '" + "x".repeat(20_000) + "'";
        assertThat(reader.read(text)).isNotSameAs(reader.read(text));
    }
}
