package io.countersign.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** What reads buffers is compiled for the one class that they have. */
class BuffersAreOfOneClassTest {

    @Test
    @DisabledIfSystemProperty(
            named = "io.netty.leakDetection.level",
            matches = ".+",
            disabledReason = "leaks are looked for")
    void noneIsWrappedToFindLeaks() {
        Set<Class<?>> classes = new HashSet<>();
        AdaptiveByteBufAllocator allocator = new AdaptiveByteBufAllocator();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            new Loops(threads).close();
        }
        for (int i = 0; i < 10_000; i++) {
            ByteBuf buffer = allocator.directBuffer(64);
            classes.add(buffer.getClass());
            buffer.release();
        }
        assertThat(classes).hasSize(1);
    }
}
