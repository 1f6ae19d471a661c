package io.countersign.plan;

import io.countersign.api.Outcome;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A step of a plan that was let go.
 *
 * @param command its number within the session
 * @param status  how it ended; null while the target has not answered
 * @param detail  the target's own word: a command tag or an error code; empty until then
 * @param touched rows answered or touched, as the target counts
 */
@Embeddable
public record Done(
        @Column(name = "command") long command,
        @Column(name = "at") Instant at,

        @Column(name = "status") @Enumerated(EnumType.STRING)
        Outcome.@Nullable Status status,

        @Column(name = "detail") String detail,
        @Column(name = "touched") long touched) {

    /** Longer words of a target are cut. */
    private static final int LONGEST = 500;

    static Done asked(long command, Instant at) {
        return new Done(command, at, null, "", 0);
    }

    Done answered(Outcome outcome) {
        String word = outcome.detail();
        return new Done(
                command,
                at,
                outcome.status(),
                word.length() > LONGEST ? word.substring(0, LONGEST) : word,
                outcome.rows());
    }
}
