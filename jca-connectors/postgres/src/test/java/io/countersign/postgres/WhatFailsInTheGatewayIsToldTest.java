package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.core.Counters.Counter;
import org.junit.jupiter.api.Test;

/** A fault of the gateway's own is not passed off as a broken connection, and nobody waits for what will not come. */
class WhatFailsInTheGatewayIsToldTest extends GatewayTest {

    @Test
    void asAnErrorToTheClient() {
        gateway.onRead = text -> {
            if (text.contains("/* fails */")) {
                throw new IllegalStateException("as a test wants it");
            }
        };

        assertThat(gateway.psql("-c", "SELECT 1 /* fails */")).contains("FATAL:  57P01: the gateway failed");

        Policy.await(() -> gateway.policy.closings.peek(), "the session's end");
        assertThat(gateway.policy.closings).containsExactly("the gateway failed; its log says more");
        assertThat(gateway.counters.value(Counter.SESSIONS_FAILED_TOTAL)).isOne();
    }

    @Test
    void andOthersGoOn() {
        gateway.onRead = text -> {
            if (text.contains("/* fails */")) {
                throw new IllegalStateException("as a test wants it");
            }
        };
        gateway.psql("-c", "SELECT 1 /* fails */");

        assertThat(gateway.psql("-A", "-t", "-c", "SELECT 40 + 2")).contains("42");
    }
}
