package io.countersign.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Burst;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictsThatComeTogetherWakeOnceTest {

    private final List<String> happened = new ArrayList<>();

    private record Waking(List<String> happened, String whom) implements Runnable {
        @Override
        public void run() {
            happened.add("woke " + whom);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Waking waking && waking.whom.equals(whom);
        }

        @Override
        public int hashCode() {
            return whom.hashCode();
        }
    }

    @Test
    void eachOfThoseWhoWaitAfterAllIsComplete() {
        Burst.run(() -> {
            for (String whom : List.of("a", "b", "a", "a", "b")) {
                happened.add("completed");
                Burst.wake(new Waking(happened, whom));
            }
        });
        assertThat(happened)
                .containsExactly("completed", "completed", "completed", "completed", "completed", "woke a", "woke b");
    }

    @Test
    void aLoneOneWakesAtOnce() {
        Burst.wake(new Waking(happened, "a"));
        assertThat(happened).containsExactly("woke a");
    }

    @Test
    void alsoWhereCompletingFails() {
        assertThatThrownBy(() -> Burst.run(() -> {
                    Burst.wake(new Waking(happened, "a"));
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");
        Burst.wake(new Waking(happened, "b"));
        assertThat(happened).containsExactly("woke a", "woke b");
    }

    @Test
    void aBurstWithinABurstIsPartOfIt() {
        Burst.run(() -> {
            Burst.run(() -> Burst.wake(new Waking(happened, "a")));
            happened.add("completed");
        });
        assertThat(happened).containsExactly("completed", "woke a");
    }
}
