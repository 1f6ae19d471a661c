package io.countersign.api;

import java.util.UUID;

/** Names one session on every node and in every record. Ordered by time (UUID version 7, RFC 9562 §5.7). */
public record SessionId(UUID value) {

    /** @throws IllegalArgumentException where that is no UUID */
    public static SessionId parse(String text) {
        return new SessionId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
