package io.countersign.postgres;

import io.countersign.core.Counters;
import io.countersign.core.Counters.Counter;
import io.countersign.postgres.message.NotificationResponse;
import io.countersign.postgres.message.Report;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What a target says besides its answers: errors, notices, notifications, without the values that they quote and that must
 * be hidden (54.2.7 "Asynchronous Operations", 54.8).
 *
 * <p>Its methods answer whether the frame goes to the client as it came. Confined to the session's event loop.
 */
final class Complaints {

    private final AnswerStream out;
    private final Counters counters;
    private AnswerMask listening = AnswerMask.NONE;

    /** The last command of the transaction about whose values the target may still complain when it ends. */
    private @Nullable Running lately;

    Complaints(AnswerStream out, Counters counters) {
        this.out = out;
        this.counters = counters;
    }

    /** From now on notifications come; the masks of the LISTEN that asked for them apply. */
    void listens(AnswerMask mask) {
        if (!mask.none()) {
            listening = mask;
        }
    }

    /** A command is through; constraints and triggers that were deferred may yet speak of it (SET CONSTRAINTS). */
    void done(Running running) {
        if (running.mask.hidesIn(running.content, running.reach)) {
            lately = running;
        }
    }

    void transactionEnded() {
        lately = null;
    }

    boolean notification(ByteBuf buffer, int at, int length) {
        if (listening.none()) {
            return true;
        }
        NotificationResponse notification = (NotificationResponse) PostgresCodec.backend(buffer, at, length);
        NotificationResponse shown = NotificationMask.hide(notification, listening);
        if (shown == notification) {
            return true;
        }
        counters.up(Counter.VALUES_MASKED_TOTAL);
        out.leaveOut(buffer, at);
        out.append(shown);
        return false;
    }

    boolean report(ByteBuf buffer, int at, int length, @Nullable Expected head) {
        Running about = head == null ? null : head.about;
        Report report = (Report) PostgresCodec.backend(buffer, at, length);
        Report shown = hidden(report, about);
        if (about == null || ends(about)) {
            shown = hidden(shown, lately);
        }
        if (shown.equals(report)) {
            return true;
        }
        counters.up(Counter.VALUES_MASKED_TOTAL);
        out.leaveOut(buffer, at);
        out.append(shown);
        return false;
    }

    private static Report hidden(Report report, @Nullable Running about) {
        return about == null ? report : about.mask.hide(report, about.content, about.reach);
    }

    /** Whether it may carry out what was deferred. */
    private static boolean ends(Running running) {
        return running.content.effects().stream()
                .anyMatch(effect -> effect.action().equals("sql:transaction"));
    }

    /** An error that fails what it answers, or what the client is told in its place. */
    boolean failure(ByteBuf buffer, int at, int length, Expected head, Report report) {
        if (head.kind == Expected.Kind.POISON) {
            out.leaveOut(buffer, at);
            if (head.instead != null) {
                out.append(head.instead);
            }
            return false;
        }
        Running running = head.running;
        if (running != null && running.cut != null) {
            out.leaveOut(buffer, at);
            out.append(running.cut);
            running.failed(running.cut.sqlState());
            running.cut = null;
            return false;
        }
        boolean kept = report(buffer, at, length, head);
        if (running != null) {
            running.failed(report.sqlState());
        }
        return kept;
    }
}
