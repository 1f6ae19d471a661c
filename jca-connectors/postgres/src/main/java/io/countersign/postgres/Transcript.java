package io.countersign.postgres;

import io.countersign.api.Answer;
import io.countersign.api.Frame;
import io.countersign.api.Frame.Direction;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.CommandComplete;
import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.FunctionCall;
import io.countersign.postgres.message.FunctionCallResponse;
import io.countersign.postgres.message.Malformed;
import io.countersign.postgres.message.Opaque;
import io.countersign.postgres.message.Parse;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.RowDescription;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Recorded bytes in words that a person can read. A recording may be cut off anywhere, so a message that is not whole is
 * left out, as is whatever cannot be read.
 */
final class Transcript {

    private final List<Answer> answers = new ArrayList<>();
    private final Map<String, String> statements = new HashMap<>();
    private final ByteBuf fromClient = Unpooled.buffer();
    private final ByteBuf toClient = Unpooled.buffer();
    private List<Short> formats = List.of();
    private @Nullable FunctionCall called;
    private long described;

    private Transcript() {}

    static List<Answer> read(List<Frame> frames) {
        Transcript transcript = new Transcript();
        for (Frame frame : frames) {
            transcript.take(frame);
        }
        return transcript.answers;
    }

    private void take(Frame frame) {
        boolean client = frame.direction() == Direction.FROM_CLIENT;
        ByteBuf gathered = client ? fromClient : toClient;
        gathered.writeBytes(frame.bytes());
        while (true) {
            int length;
            try {
                length = PostgresCodec.frameLength(gathered, gathered.readerIndex());
            } catch (Malformed e) {
                // Out of step: nothing of this piece can be read any more.
                gathered.clear();
                return;
            }
            if (length < 0 || gathered.readableBytes() < length) {
                break;
            }
            ByteBuf message = gathered.readSlice(length);
            try {
                if (client) {
                    asked(frame, PostgresCodec.frontend(message, 0, length));
                } else {
                    answered(frame, PostgresCodec.backend(message, 0, length));
                }
            } catch (Malformed e) {
                continue;
            }
        }
        gathered.discardReadBytes();
    }

    private void asked(Frame frame, FrontendMessage message) {
        switch (message) {
            case Query query -> answers.add(new Answer.Asked(frame.at(), frame.command(), query.text()));
            case Parse parse -> {
                statements.put(parse.name(), parse.text());
                answers.add(new Answer.Asked(frame.at(), frame.command(), parse.text()));
            }
            case Bind bind -> bound(frame.at(), frame.command(), bind);
            case FunctionCall call -> {
                called = call;
                String text = NumberedFunction.of(call)
                        .map(NumberedFunction::text)
                        .orElse("function " + Integer.toUnsignedString(call.function()) + ", called by its number");
                answers.add(new Answer.Asked(frame.at(), frame.command(), text));
            }
            case Opaque data
            when data.type() == Opaque.COPY_DATA ->
                answers.add(new Answer.Data(frame.at(), frame.command(), text(data.body())));
            default -> {}
        }
    }

    /** A statement that was prepared by an earlier command is named again by the one that runs it. */
    private void bound(Duration at, long command, Bind bind) {
        String text = statements.get(bind.statement());
        boolean said =
                !answers.isEmpty() && answers.getLast() instanceof Answer.Asked asked && asked.command() == command;
        if (text != null && !said) {
            answers.add(new Answer.Asked(at, command, text));
        }
    }

    private void answered(Frame frame, BackendMessage message) {
        Duration at = frame.at();
        long command = frame.command();
        switch (message) {
            case RowDescription columns -> {
                described = command;
                formats = columns.fields().stream()
                        .map(RowDescription.Field::format)
                        .toList();
                answers.add(new Answer.Columns(
                        at,
                        command,
                        columns.fields().stream()
                                .map(RowDescription.Field::name)
                                .toList()));
            }
            case DataRow row -> answers.add(new Answer.Row(at, command, values(command, row)));
            case FunctionCallResponse response ->
                answers.add(new Answer.Row(at, command, Collections.singletonList(value(response.value()))));
            case CommandComplete complete -> answers.add(new Answer.Done(at, command, complete.tag()));
            case Report report
            when report.type() == Report.ERROR ->
                answers.add(new Answer.Failed(at, command, report.sqlState(), report.message()));
            case Report report -> answers.add(new Answer.Notice(at, command, report.message()));
            case Opaque data
            when data.type() == Opaque.COPY_DATA -> answers.add(new Answer.Data(at, command, text(data.body())));
            default -> {}
        }
    }

    /** What the function has answered that was called last. */
    private @Nullable String value(byte @Nullable [] bytes) {
        FunctionCall call = called;
        if (bytes == null) {
            return null;
        }
        return call == null
                ? shown(bytes, !printable(bytes))
                : NumberedFunction.of(call)
                        .flatMap(function -> function.shown(call, bytes))
                        .orElseGet(() -> shown(bytes, call.resultFormat() == 1));
    }

    private List<@Nullable String> values(long command, DataRow row) {
        List<@Nullable String> values = new ArrayList<>();
        for (int i = 0; i < row.values().size(); i++) {
            byte[] value = row.values().get(i);
            boolean binary = command == described ? i < formats.size() && formats.get(i) == 1 : !printable(value);
            values.add(value == null ? null : shown(value, binary));
        }
        return values;
    }

    /** Where no description was recorded: what has control characters is no text. */
    private static boolean printable(byte @Nullable [] value) {
        if (value != null) {
            for (byte one : value) {
                if (one >= 0 && one < ' ' && one != '\n' && one != '\t' && one != '\r') {
                    return false;
                }
            }
        }
        return true;
    }

    private static String shown(byte[] value, boolean binary) {
        return binary ? "\\x" + HexFormat.of().formatHex(value) : text(value);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
