package io.countersign.postgres;

import io.countersign.api.Outcome;
import io.countersign.postgres.message.CommandComplete;
import io.countersign.postgres.message.CopyResponse;
import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.message.FunctionCallResponse;
import io.countersign.postgres.message.NotificationResponse;
import io.countersign.postgres.message.Opaque;
import io.countersign.postgres.message.ParameterDescription;
import io.countersign.postgres.message.ParameterStatus;
import io.countersign.postgres.message.ReadyForQuery;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.RowDescription;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Pairs every answer of the target with what was forwarded (54.2.2, 54.2.3): tells what it means to who needs to know, leaves
 * out what the gateway asked for itself, and replaces what the client must not see.
 *
 * <p>Its methods answer whether the frame goes to the client as it came. Confined to the session's event loop.
 */
final class Pairing {

    private final Due due;
    private final Shown shown;
    private final Complaints complaints;
    private final AnswerStream out;
    private final AnswerListener listener;

    /** The place in a simple query's text of the statement that is answered. */
    private int statement;

    /** The client was told that its command failed when the target went on: it must not see more before ReadyForQuery. */
    private boolean mute;

    Pairing(Due due, Shown shown, Complaints complaints, AnswerStream out, AnswerListener listener) {
        this.due = due;
        this.shown = shown;
        this.complaints = complaints;
        this.out = out;
        this.listener = listener;
    }

    /** @return whether the frame stays in the run that is relayed as it came; otherwise it was dealt with */
    boolean frame(ByteBuf buffer, byte type, int at, int length) {
        Expected head = due.head();
        switch (type) {
            case ParameterStatus.TYPE -> {
                listener.parameter((ParameterStatus) PostgresCodec.backend(buffer, at, length));
                return true;
            }
            case NotificationResponse.TYPE -> {
                return complaints.notification(buffer, at, length);
            }
            case Report.NOTICE -> {
                return head != null && head.inquiry != null
                        ? out.leaveOut(buffer, at)
                        : complaints.report(buffer, at, length, head);
            }
            case Report.ERROR -> {
                return error(buffer, at, length, head);
            }
            default -> {
                if (head == null) {
                    throw Due.unexpected(type, null);
                }
            }
        }
        Running running = head.running;
        if (running != null) {
            running.bytes += length;
        }
        boolean kept = answer(buffer, type, at, length, head, running);
        return kept && (!mute || type == ReadyForQuery.TYPE || out.leaveOut(buffer, at));
    }

    private boolean answer(ByteBuf buffer, byte type, int at, int length, Expected head, @Nullable Running running) {
        return switch (type) {
            case DataRow.TYPE -> {
                if (head.inquiry != null) {
                    head.inquiry.row((DataRow) PostgresCodec.backend(buffer, at, length));
                    yield out.leaveOut(buffer, at);
                }
                yield shown.row(buffer, at, length, head);
            }
            case CommandComplete.TYPE -> complete(buffer, at, length, head);
            case 'I' -> {
                if (head.kind == Expected.Kind.EXECUTE) {
                    due.answered();
                    finish(head);
                } else {
                    Due.need(head, type, Expected.Kind.QUERY);
                    statement++;
                }
                yield visible(buffer, at, head);
            }
            case 's' -> {
                Due.need(head, type, Expected.Kind.EXECUTE);
                due.answered();
                suspended(head);
                yield visible(buffer, at, head);
            }
            case RowDescription.TYPE -> describe(buffer, at, length, head);
            case '1' -> {
                Due.need(head, type, Expected.Kind.PARSE);
                due.answered();
                finish(head);
                yield visible(buffer, at, head);
            }
            case '2' -> {
                Due.need(head, type, Expected.Kind.BIND);
                due.answered();
                finish(head);
                yield visible(buffer, at, head);
            }
            case '3' -> {
                Due.need(head, type, Expected.Kind.CLOSE_STATEMENT, Expected.Kind.CLOSE_PORTAL);
                due.answered();
                yield visible(buffer, at, head);
            }
            case ParameterDescription.TYPE -> {
                Due.need(head, type, Expected.Kind.DESCRIBE_STATEMENT);
                if (head.prepared != null) {
                    head.prepared.types = ((ParameterDescription) PostgresCodec.backend(buffer, at, length)).types();
                }
                yield visible(buffer, at, head);
            }
            case 'n' -> {
                Due.need(head, type, Expected.Kind.DESCRIBE_STATEMENT, Expected.Kind.DESCRIBE_PORTAL);
                due.answered();
                yield visible(buffer, at, head);
            }
            case ReadyForQuery.TYPE -> ready(buffer, at, length, head);
            case FunctionCallResponse.TYPE -> {
                Due.need(head, type, Expected.Kind.FUNCTION_CALL);
                yield shown.value(buffer, at, length, head);
            }
            case CopyResponse.IN -> {
                Due.need(head, type, Expected.Kind.QUERY, Expected.Kind.EXECUTE);
                listener.copyIn();
                yield true;
            }
            case CopyResponse.OUT -> shown.copyOut(buffer, at, length, head);
            case Opaque.COPY_DATA -> shown.copyData(buffer, at, length, head);
            case 'c' -> running != null && running.cut == null || out.leaveOut(buffer, at);
            default -> throw Due.unexpected(type, head);
        };
    }

    private boolean describe(ByteBuf buffer, int at, int length, Expected head) {
        return switch (head.kind) {
            case DESCRIBE_STATEMENT, DESCRIBE_PORTAL -> {
                due.answered();
                if (head.portal != null) {
                    head.portal.columns = head.portal.prepared.columns(buffer, at, length);
                }
                yield visible(buffer, at, head);
            }
            case QUERY -> shown.columns(buffer, at, length, head);
            default -> throw Due.unexpected(RowDescription.TYPE, head);
        };
    }

    private boolean complete(ByteBuf buffer, int at, int length, Expected head) {
        CommandComplete complete = (CommandComplete) PostgresCodec.backend(buffer, at, length);
        Running running = head.running;
        if (head.inquiry != null) {
            Due.need(head, CommandComplete.TYPE, Expected.Kind.EXECUTE);
            due.answered();
            head.inquiry.done();
            return out.leaveOut(buffer, at);
        }
        Due.need(head, CommandComplete.TYPE, Expected.Kind.QUERY, Expected.Kind.EXECUTE);
        if (running == null) {
            throw Due.unexpected(CommandComplete.TYPE, head);
        }
        running.detail = complete.tag();
        complaints.done(running);
        if (complete.tag().equals("LISTEN")) {
            complaints.listens(running.mask);
        }
        running.counted += complete.rows();
        listener.carriedOut(running, statement++, complete.tag());
        Report cut = running.cut;
        if (head.kind == Expected.Kind.EXECUTE) {
            due.answered();
            if (cut != null) {
                running.failed(cut.sqlState());
            }
            finish(head);
            if (cut != null) {
                out.leaveOut(buffer, at);
                out.append(cut);
                if (due.isEmpty()) {
                    listener.poison(false);
                } else {
                    mute = true;
                }
                return false;
            }
        } else if (cut != null) {
            return out.leaveOut(buffer, at);
        }
        return true;
    }

    private boolean ready(ByteBuf buffer, int at, int length, Expected head) {
        if (!head.kind.cycle()) {
            throw Due.unexpected(ReadyForQuery.TYPE, head);
        }
        ReadyForQuery ready = (ReadyForQuery) PostgresCodec.backend(buffer, at, length);
        due.cycleEnded();
        if (ready.status() == ReadyForQuery.Status.IDLE) {
            complaints.transactionEnded();
        }
        if (head.inquiry != null) {
            head.inquiry.ready(ready.status());
            return out.leaveOut(buffer, at);
        }
        Running running = head.running;
        statement = 0;
        shown.cycleEnded();
        boolean cutOff = mute;
        mute = false;
        if (running != null) {
            Report cut = running.cut;
            if (cut != null) {
                running.failed(cut.sqlState());
                out.leaveOut(buffer, at);
                out.append(cut);
                cutOff = true;
            }
            finish(head);
        }
        if (cutOff && ready.status() == ReadyForQuery.Status.IN_TRANSACTION) {
            listener.poison(true);
            return out.leaveOut(buffer, at);
        }
        if (cutOff && running != null) {
            out.leaveOut(buffer, at);
            out.append(ready);
            listener.ready(ready.status());
            return false;
        }
        listener.ready(ready.status());
        return visible(buffer, at, head);
    }

    private boolean error(ByteBuf buffer, int at, int length, @Nullable Expected head) {
        Report report = (Report) PostgresCodec.backend(buffer, at, length);
        if (head != null && head.running != null) {
            head.running.bytes += length;
        }
        if (head == null
                || report.severity().equals("FATAL")
                || report.severity().equals("PANIC")) {
            return complaints.report(buffer, at, length, head);
        }
        if (head.own && head.kind != Expected.Kind.DESCRIBE_PORTAL) {
            out.leaveOut(buffer, at);
            if (head.inquiry != null && head.inquiry.failed(report)) {
                skipToSync(report.sqlState(), head);
            } else {
                listener.end(
                        "58000",
                        "the target does not answer what the gateway must know: " + report.message(),
                        "Connect again.");
            }
            return false;
        }
        boolean kept = complaints.failure(buffer, at, length, head, report);
        if (!head.kind.cycle()) {
            skipToSync(report.sqlState(), head);
        }
        return kept;
    }

    /** The target ignores what was forwarded until Sync; names mean again what they meant before. */
    private void skipToSync(String sqlState, Expected failed) {
        for (Expected one : due.skipToSync().reversed()) {
            if (one.kind == Expected.Kind.PARSE && !one.own) {
                // A Parse that fails takes the unnamed statement with it; one that is skipped does not.
                listener.named(one.name, one == failed && one.name.isEmpty() ? null : one.before);
            } else if (one.kind == Expected.Kind.CLOSE_STATEMENT && !one.own) {
                listener.named(one.name, one.before);
            } else if (one.kind == Expected.Kind.BIND && one.portal != null) {
                listener.unbound(one.portal);
            }
            if (one.running != null) {
                if (one.running.status == Outcome.Status.DONE) {
                    one.running.failed(sqlState);
                }
                finish(one);
            }
        }
        shown.forget();
        if (due.isEmpty()) {
            listener.failed();
        }
    }

    private void finish(Expected head) {
        if (head.kind == Expected.Kind.EXECUTE) {
            shown.forget();
            statement = 0;
            if (head.portal != null) {
                head.portal.suspended = null;
            }
        }
        if (head.running != null) {
            listener.finished(head.running);
        }
    }

    private void suspended(Expected head) {
        if (head.portal != null) {
            head.portal.suspended = head.running;
        }
    }

    private boolean visible(ByteBuf buffer, int at, Expected head) {
        return !head.own || out.leaveOut(buffer, at);
    }
}
