package io.countersign.core;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkManager;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ATaskThatFailsHoldsNobodyUpTest {

    private final List<Work> given = new ArrayList<>();
    private final List<String> done = new ArrayList<>();

    /** Of its threads, which the test is all by itself. */
    private final WorkManager container = (WorkManager) Proxy.newProxyInstance(
            WorkManager.class.getClassLoader(), new Class<?>[] {WorkManager.class}, (proxy, method, arguments) -> {
                given.add((Work) arguments[0]);
                return 0L;
            });

    @Test
    void whatWaitsBehindItIsDone() {
        Workers workers = new Workers(container);
        workers.execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        workers.execute(() -> {
            throw new StackOverflowError("on purpose");
        });
        workers.execute(() -> done.add("third"));

        given.getFirst().run();

        assertThat(done).containsExactly("third");
    }
}
