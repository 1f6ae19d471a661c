package io.countersign.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Turn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class WhatOneTurnAsksIsDoneOnceTest {

    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final List<String> happened = new ArrayList<>();
    private final Runnable written = () -> happened.add("written");

    @Test
    void atTheTurnsEndHoweverOftenItWasAsked() {
        for (String session : List.of("a", "b", "c")) {
            Turn.on(loop::add);
            happened.add(session);
            assertThat(Turn.atEnd(written)).isTrue();
        }
        assertThat(loop).hasSize(1);
        loop.remove().run();
        assertThat(happened).containsExactly("a", "b", "c", "written");
    }

    @Test
    void whatAnEndAsksIsTheNextTurns() {
        Turn.on(loop::add);
        Turn.atEnd(() -> {
            Turn.on(loop::add);
            assertThat(Turn.atEnd(written)).isTrue();
            happened.add("ended");
        });
        loop.remove().run();
        assertThat(happened).containsExactly("ended");
        loop.remove().run();
        assertThat(happened).containsExactly("ended", "written");
    }

    @Test
    void whoIsInNoTurnIsTold() {
        assertThat(Turn.atEnd(written)).isFalse();
        Turn.on(loop::add);
        loop.remove().run();
        assertThat(Turn.atEnd(written)).isFalse();
        assertThat(happened).isEmpty();
    }

    @Test
    void aLoopThatHasEndedBeginsNone() {
        assertThatThrownBy(() -> Turn.on(task -> {
                    throw new RejectedExecutionException("ended");
                }))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(Turn.atEnd(written)).isFalse();
    }
}
