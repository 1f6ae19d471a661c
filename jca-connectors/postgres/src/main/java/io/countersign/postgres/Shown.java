package io.countersign.postgres;

import io.countersign.core.Counters;
import io.countersign.core.Counters.Counter;
import io.countersign.core.Valve;
import io.countersign.postgres.message.CopyResponse;
import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.message.FunctionCallResponse;
import io.countersign.postgres.message.Opaque;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.RowDescription;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What shows values of a target: rows and COPY data, masked and limited as the permit demands. Where facts about the columns
 * are missing, the answer waits for them; where they cannot be had, nothing of it is shown.
 *
 * <p>Its methods answer whether the frame goes to the client as it came. Confined to the session's event loop.
 */
final class Shown {

    private final Channel client;
    private final Valve target;
    private final AnswerStream out;
    private final Counters counters;
    private final Catalogue catalogue;
    private final Answers answers;

    /** Clients read the bare value that such a call answers, and know neither masks nor, for numbers, NULL. */
    static final Report HIDDEN = Report.error(
                    "0A000",
                    "what this function answers must be masked, and so cannot be answered to a call by its number")
            .detail("The rule that permits this call hides values in its answer.")
            .hint("Ask for a duty whose masks leave it out, or allow it by 'elsewhere: allow'.");

    private @Nullable RowMask rows;
    private @Nullable Expected rowsFor;
    private boolean waiting;

    Shown(Channel client, Valve target, AnswerStream out, Counters counters, Catalogue catalogue, Answers answers) {
        this.client = client;
        this.target = target;
        this.out = out;
        this.counters = counters;
        this.catalogue = catalogue;
        this.answers = answers;
    }

    /** Whether the answer stays where it is until the catalogue has answered. */
    boolean waiting() {
        return waiting;
    }

    /** Whether frames of this type need not be looked into, so that long ones can pass as they come. */
    boolean passes(byte type, @Nullable Expected head) {
        Running running = head == null ? null : head.running;
        return (type == DataRow.TYPE || type == Opaque.COPY_DATA || type == FunctionCallResponse.TYPE)
                && running != null
                && running.cut == null
                && (running.mask.none() || type == DataRow.TYPE && rowsFor == head && rows == null)
                && (type != DataRow.TYPE || running.rows < running.limit);
    }

    /** The rows that follow are another answer's. */
    void forget() {
        rows = null;
    }

    void cycleEnded() {
        rows = null;
        rowsFor = null;
    }

    boolean row(ByteBuf buffer, int at, int length, Expected head) {
        Running running = head.running;
        if (running == null) {
            throw Due.unexpected(DataRow.TYPE, head);
        }
        if (running.cut != null) {
            return out.leaveOut(buffer, at);
        }
        if (running.rows >= running.limit) {
            running.cut = Report.error("54000", "the answer has more than " + running.limit + " rows")
                    .detail("The rule that permits this command limits its answer.")
                    .hint("Ask for fewer rows, for example with LIMIT " + running.limit + ".");
            return out.leaveOut(buffer, at);
        }
        if (rowsFor != head && !masked(head, running)) {
            return out.leaveOut(buffer, at);
        }
        if (waiting) {
            running.bytes -= length;
            return false;
        }
        running.rows++;
        RowMask mask = rows;
        if (mask == null) {
            return true;
        }
        int hidden = mask.apply(buffer, at, length, () -> out.instead(buffer, at));
        if (hidden == 0) {
            return true;
        }
        counters.add(Counter.VALUES_MASKED_TOTAL, hidden);
        return false;
    }

    /**
     * Before the first row of an Execute: its portal was described before, by the client or by the gateway.
     *
     * @return false where nothing is known of the columns, and so everything is hidden
     */
    private boolean masked(Expected head, Running running) {
        rows = null;
        if (running.mask.none()) {
            rowsFor = head;
            return true;
        }
        RowDescription columns = head.portal == null ? null : head.portal.columns;
        if (columns == null) {
            running.cut = Report.error("0A000", "the answer's columns are not known, so nothing of it can be shown")
                    .hint("Describe the portal before executing it.");
            return false;
        }
        plan(columns, running, head);
        return true;
    }

    /** The columns of a simple query's rows. */
    boolean columns(ByteBuf buffer, int at, int length, Expected head) {
        Running running = head.running;
        rows = null;
        if (running != null && !running.mask.none()) {
            plan((RowDescription) PostgresCodec.backend(buffer, at, length), running, head);
        }
        if (waiting && running != null) {
            running.bytes -= length;
        }
        return !waiting;
    }

    private void plan(RowDescription columns, Running running, Expected head) {
        Catalogue.Asked tables = running.terms.tables(columns);
        if (!catalogue.knows(tables)) {
            waitFor(tables);
            return;
        }
        rows = running.terms.rows(columns, running.reach).orElse(null);
        rowsFor = head;
    }

    /** The answer stays where it is until the catalogue has answered; if it cannot, nothing is known and all is hidden. */
    private void waitFor(Catalogue.Asked tables) {
        waiting = true;
        target.shut(Valve.Reason.FACTS_MISSING);
        catalogue
                .load(tables)
                .whenComplete((done, failure) -> client.eventLoop().execute(() -> {
                    if (answers.closed()) {
                        return;
                    }
                    if (failure != null) {
                        answers.end(
                                "58000",
                                "the gateway cannot learn which columns this answer shows: " + failure.getMessage(),
                                "Nothing of the answer was shown. Try again, or ask the gateway's operators.");
                        return;
                    }
                    waiting = false;
                    target.open(Valve.Reason.FACTS_MISSING);
                    answers.process();
                    client.flush();
                }));
    }

    /** Whether whatever a function called by its number answers would be hidden. */
    static boolean hidesEverything(Running running, Portal call) {
        return mask(running, call).filter(RowMask::hidesEverything).isPresent();
    }

    /** What such a function has answered: it is shown as it is, or not at all. */
    boolean value(ByteBuf buffer, int at, int length, Expected head) {
        Running running = head.running;
        Portal call = head.portal;
        if (running == null || call == null) {
            throw Due.unexpected(FunctionCallResponse.TYPE, head);
        }
        running.rows++;
        Optional<RowMask> mask = mask(running, call);
        if (mask.isEmpty()
                || !mask.get().hides(((FunctionCallResponse) PostgresCodec.backend(buffer, at, length)).value())) {
            return true;
        }
        counters.up(Counter.VALUES_MASKED_TOTAL);
        running.cut = HIDDEN;
        return out.leaveOut(buffer, at);
    }

    /** Its only column comes from no table: nothing more needs to be known of the catalogue. */
    private static Optional<RowMask> mask(Running running, Portal call) {
        RowDescription columns = call.columns;
        if (columns == null) {
            throw new IllegalStateException("a function call without a description of its answer");
        }
        return running.mask.none() ? Optional.empty() : running.terms.rows(columns, running.reach);
    }

    boolean copyOut(ByteBuf buffer, int at, int length, Expected head) {
        Due.need(head, CopyResponse.OUT, Expected.Kind.QUERY, Expected.Kind.EXECUTE);
        CopyResponse response = (CopyResponse) PostgresCodec.backend(buffer, at, length);
        Running running = head.running;
        if (running == null) {
            throw Due.unexpected(CopyResponse.OUT, head);
        }
        if (running.cut == null && response.binary() && !running.mask.none()) {
            running.cut = Report.error("0A000", "a binary COPY cannot be shown: values in it must be masked")
                    .hint("Use COPY in text or CSV format.");
        }
        return running.cut == null || out.leaveOut(buffer, at);
    }

    boolean copyData(ByteBuf buffer, int at, int length, Expected head) {
        Running running = head.running;
        if (running == null) {
            throw Due.unexpected(Opaque.COPY_DATA, head);
        }
        if (running.cut != null) {
            return out.leaveOut(buffer, at);
        }
        running.rows++;
        if (running.copyMask.isEmpty()) {
            return true;
        }
        if (!running.copyMask.get().apply(buffer, at, length, () -> out.instead(buffer, at))) {
            return true;
        }
        counters.up(Counter.VALUES_MASKED_TOTAL);
        return false;
    }
}
