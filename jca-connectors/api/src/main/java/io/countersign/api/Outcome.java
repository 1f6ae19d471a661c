package io.countersign.api;

import java.time.Duration;

/**
 * How a forwarded command ended.
 *
 * @param status  whether the target carried it out
 * @param detail  the target's own word: a command tag ({@code DELETE 1}) or an error code ({@code 23505})
 * @param rows    rows answered or touched, as the target counts; 0 where it does not say
 * @param bytes   bytes answered to the client
 * @param elapsed from forwarding to the last byte of the answer
 */
public record Outcome(
        Session session, long command, Status status, String detail, long rows, long bytes, Duration elapsed) {

    public enum Status {
        DONE,
        FAILED,
        /** The connection was lost before the target answered: it may or may not have been carried out. */
        UNKNOWN
    }
}
