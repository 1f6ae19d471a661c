package io.countersign.postgres;

import io.countersign.api.Content;
import io.countersign.api.Outcome;
import io.countersign.postgres.message.Report;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A permitted command at the target. */
final class Running {

    /** The session's number of it; 0 for what says nothing and was not judged. */
    final long number;

    final Reading reading;
    final Content content;
    final Terms terms;
    final AnswerMask mask;

    /** Masked columns that it can reach. */
    final Reach reach;

    /** For the lines of a COPY TO STDOUT; nothing where they may pass. */
    final Optional<CopyMask> copyMask;

    /** Rows the client may see. */
    final long limit;

    long rows;
    long counted;
    long bytes;
    String detail = "";
    Outcome.Status status = Outcome.Status.DONE;
    boolean finished;

    /** What the client is told instead of the rest of the answer. */
    @Nullable
    Report cut;

    /** The text, once a PREPARE in it has made a statement of it. */
    Footprint.@Nullable Text prepared;

    private final long forwarded = System.nanoTime();

    Running(long number, Reading reading, Content content, Terms terms, Reach reach, Optional<CopyMask> copyMask) {
        this.number = number;
        this.reading = reading;
        this.content = content;
        this.terms = terms;
        this.mask = terms.mask;
        this.reach = reach;
        this.copyMask = copyMask;
        this.limit = terms.limit;
    }

    long nanos() {
        return System.nanoTime() - forwarded;
    }

    void failed(String sqlState) {
        status = Outcome.Status.FAILED;
        detail = sqlState;
    }
}
