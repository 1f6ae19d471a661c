package io.countersign.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GuessingPasswordsIsSlowTest {

    private Instant now = Instant.parse("2026-11-20T12:00:00Z");
    private final SignInThrottle throttle = new SignInThrottle(new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });

    @Test
    void someMistakesAreHuman() {
        fail(SignInThrottle.FAILURES - 1);
        assertThat(throttle.attempt("alice")).isTrue();
    }

    @Test
    void thenTheNameRests() {
        fail(SignInThrottle.FAILURES);
        assertThat(throttle.attempt("alice")).isFalse();
        assertThat(throttle.attempt("bob")).isTrue();
    }

    @Test
    void nobodyTriesManyAtTheSameTime() {
        long looked = Stream.generate(() -> throttle.attempt("alice"))
                .limit(100)
                .filter(open -> open)
                .count();
        assertThat(looked).isEqualTo(SignInThrottle.FAILURES);
    }

    @Test
    void andWakesAgainForOneAttemptAtATime() {
        fail(SignInThrottle.FAILURES);
        now = now.plus(SignInThrottle.REST);
        assertThat(throttle.attempt("alice")).isTrue();
        assertThat(throttle.attempt("alice")).isFalse();
    }

    @Test
    void successForgetsTheMistakes() {
        fail(SignInThrottle.FAILURES - 1);
        throttle.attempt("alice");
        throttle.succeeded("alice");
        fail(1);
        assertThat(throttle.attempt("alice")).isTrue();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            assertThat(throttle.attempt("alice")).isTrue();
        }
    }
}
