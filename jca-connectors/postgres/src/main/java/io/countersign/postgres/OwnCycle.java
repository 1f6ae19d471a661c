package io.countersign.postgres;

import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.message.ReadyForQuery.Status;
import io.countersign.postgres.message.Report;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Some statements of the gateway's own with a Sync at their end, which a failure among them skips to. */
final class OwnCycle implements Inquiry {

    private final Consumer<OwnCycle> ended;
    private final List<String> values = new ArrayList<>();
    private @Nullable String failure;
    private Status status = Status.IDLE;

    /** @param ended is told once the target has answered all of it */
    OwnCycle(Consumer<OwnCycle> ended) {
        this.ended = ended;
    }

    /** The first value of each row that any of them answered, in order. */
    List<String> values() {
        return List.copyOf(values);
    }

    /** What failed first, in the target's words. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** The transaction's status at the end. */
    Status status() {
        return status;
    }

    @Override
    public void row(DataRow row) {
        byte[] first = row.values().isEmpty() ? null : row.values().getFirst();
        values.add(first == null ? "" : new String(first, StandardCharsets.UTF_8));
    }

    @Override
    public void done() {}

    @Override
    public boolean failed(Report report) {
        failure = report.message();
        return true;
    }

    @Override
    public void ready(Status now) {
        status = now;
        ended.accept(this);
    }
}
