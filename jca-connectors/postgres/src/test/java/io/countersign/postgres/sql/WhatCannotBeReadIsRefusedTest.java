package io.countersign.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.countersign.api.Effect;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WhatCannotBeReadIsRefusedTest {

    private final StatementReader reader = new StatementReader();

    @AfterEach
    void andTheNextStatementIsReadAllTheSame() throws NotUnderstood {
        assertThat(reader.read("DELETE FROM t").kinds()).containsExactly("DELETE");
    }

    @Test
    void withTheServersWordsAndPlace() {
        NotUnderstood error = catchThrowableOfType(NotUnderstood.class, () -> reader.read("SELECT 'é' FRM t x"));
        assertThat(error).hasMessage("syntax error at or near \"t\"");
        assertThat(error.position()).isEqualTo(16);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SELECT 'a", "SELECT /* a", "SELECT $$a", "SELECT \"a", "SELECT 1 1", "\\d", "EXPLAIN", "💥"})
    void whenTheServerWouldNotUnderstandIt(String text) {
        assertThatExceptionOfType(NotUnderstood.class).isThrownBy(() -> reader.read(text));
    }

    @Test
    void whenItContainsNul() {
        refused("SELECT 1\0; DROP TABLE t", "NUL");
    }

    @Test
    void whenItIsNotUnicode() {
        refused("SELECT '\ud800'", "Unicode");
    }

    @Test
    void whenItIsTooLong() {
        refused("SELECT '" + "x".repeat(StatementReader.LONGEST) + "'", "longer than 1048576 bytes");
        refused("SELECT '" + "é".repeat(StatementReader.LONGEST / 2) + "'", "longer than 1048576 bytes");
    }

    @Test
    void whenItIsNestedTooDeeply() {
        refused("SELECT (".repeat(3_000) + "SELECT 1" + ")".repeat(3_000), "nested too deeply");
        refused("SELECT 1" + " + 1".repeat(9_000), "nested too deeply");
        refused("SELECT " + "f(".repeat(4_000) + "1" + ")".repeat(4_000), "nested too deeply");
    }

    @Test
    void whenTheServersOwnLimitIsExceeded() {
        refused("SELECT (".repeat(20_000) + "SELECT 1" + ")".repeat(20_000), "memory exhausted");
        refused("SELECT " + "- ".repeat(50_000) + "1", "memory exhausted");
    }

    @Test
    void whatIsMerelyLongIsRead() throws NotUnderstood {
        String rows = "(1, 'some text', now()), ".repeat(20_000);
        assertThat(reader.read("INSERT INTO t VALUES " + rows + "(2, '', NULL)").statements())
                .singleElement()
                .satisfies(insert -> assertThat(insert.calls()).isEmpty());
    }

    @Test
    void whatPeopleNestIsRead() throws NotUnderstood {
        assertThat(reader.read("SELECT 1" + " + a".repeat(1_000) + " FROM t").kinds())
                .containsExactly("SELECT");
        String nested = "SELECT * FROM (".repeat(300) + "SELECT * FROM t" + ") AS s".repeat(300);
        assertThat(reader.read(nested).statements().getFirst().effects())
                .extracting(Effect::described)
                .containsExactly("sql:select on table t");
    }

    @Test
    void howeverSmallTheStackOfWhoAsks() throws Exception {
        FutureTask<Statements> task = new FutureTask<>(() -> reader.read("SELECT 1" + " + a".repeat(900) + " FROM t"));
        new Thread(null, task, "small", 256 << 10).start();
        assertThat(task.get().kinds()).containsExactly("SELECT");
    }

    private void refused(String text, String why) {
        assertThatExceptionOfType(NotUnderstood.class)
                .isThrownBy(() -> reader.read(text))
                .withMessageContaining(why);
    }
}
