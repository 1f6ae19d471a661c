package io.countersign.api;

import java.time.Duration;

/**
 * A piece of a session's recording: bytes that went one way, as the client saw them (masked).
 *
 * @param at      since the session started
 * @param command the command it belongs to, 0 outside any
 */
public record Frame(Duration at, Direction direction, long command, byte[] bytes) {

    public enum Direction {
        FROM_CLIENT,
        TO_CLIENT
    }
}
