package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.countersign.api.Content;
import io.countersign.api.Digest;
import io.countersign.api.Effect;
import io.countersign.api.Frame;
import io.countersign.api.Frame.Direction;
import io.countersign.api.Mask;
import io.countersign.api.Mask.Detector;
import io.countersign.api.Mask.Selector;
import io.countersign.api.Mask.Way;
import io.countersign.api.Resource;
import io.countersign.core.Masker;
import io.countersign.postgres.StartParameters.Refused;
import io.countersign.postgres.message.Authentication;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.FunctionCall;
import io.countersign.postgres.message.Malformed;
import io.countersign.postgres.message.NotificationResponse;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.StartupPacket;
import io.countersign.postgres.message.StartupPacket.Startup;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The decoders of messages (PostgreSQL's manual, 54.7) against whatever may arrive: over the seeds with every build, and over
 * what a fuzzer makes of them by {@code ./countersign fuzz}.
 */
class AnyBytesAreReadOrRefusedTest {

    private static final List<Integer> TYPES =
            List.of(16, 17, 20, 21, 23, 25, 26, 700, 701, 1082, 1114, 1184, 2950, 3802);

    private static final AnswerMask HIDES_COLUMNS =
            new AnswerMask(List.of(new Mask("cards", new Selector.Column("**", "card"), Way.REDACT)));

    private static final AnswerMask HIDES_CONTENT =
            new AnswerMask(List.of(new Mask("all", new Selector.Detected(EnumSet.allOf(Detector.class)), Way.REDACT)));

    private static final Content ASKED = new Content(
            "SELECT card FROM customers",
            Digest.of(new byte[0]),
            List.of("SELECT"),
            List.of(Effect.of("sql:select", new Resource("table", List.of("public", "customers")))),
            Set.of("card"));

    /** @param input the type byte, then the body */
    @FuzzTest
    void fromClients(byte[] input) {
        if (input.length == 0) {
            return;
        }
        ByteBuf frame = frame(input);
        try {
            PostgresCodec.checkFrontend(input[0], frame.readableBytes());
            FrontendMessage message = PostgresCodec.frontend(frame, 0, frame.readableBytes());
            assertThat(hex(PostgresCodec.encode(frame.alloc(), message)))
                    .as("%s has everything that was sent", message)
                    .isEqualTo(ByteBufUtil.hexDump(frame));
            if (message instanceof Bind bind) {
                int first = bind.portal().length();
                assertThat(BindValues.read(bind, TYPES.subList(first % TYPES.size(), TYPES.size())))
                        .hasSameSizeAs(bind.values());
            }
            if (message instanceof FunctionCall call) {
                for (NumberedFunction function : NumberedFunction.all()) {
                    assertThat(function.values(call)).hasSameSizeAs(call.arguments());
                }
            }
        } catch (Malformed e) {
            assertThat(e).hasMessageNotContaining("null");
        }
        recorded(Direction.FROM_CLIENT, input);
    }

    /** @param input the type byte, then the body */
    @FuzzTest
    void fromServers(byte[] input) {
        if (input.length == 0) {
            return;
        }
        ByteBuf frame = frame(input);
        try {
            BackendMessage message = PostgresCodec.backend(frame, 0, frame.readableBytes());
            ByteBuf written = PostgresCodec.encode(frame.alloc(), message);
            String said = ByteBufUtil.hexDump(written);
            if (message instanceof Report || message instanceof Authentication) {
                // What a server says before its encoding is settled need not be UTF-8.
                BackendMessage again = PostgresCodec.backend(written, 0, written.readableBytes());
                assertThat(hex(PostgresCodec.encode(frame.alloc(), again))).isEqualTo(said);
            } else {
                assertThat(said).as("%s has everything that was sent", message).isEqualTo(ByteBufUtil.hexDump(frame));
            }
            written.release();
            hidden(message);
        } catch (Malformed e) {
            assertThat(e).hasMessageNotContaining("null");
        }
        recorded(Direction.TO_CLIENT, input);
    }

    /** @param input the packet after its length */
    @FuzzTest
    void atTheStart(byte[] input) {
        try {
            StartupPacket packet = StartupPacket.decode(Unpooled.wrappedBuffer(input));
            ByteBuf written = Unpooled.buffer();
            packet.encode(written);
            if (packet instanceof Startup startup && startup.major() != 3) {
                return;
            }
            assertThat(ByteBufUtil.hexDump(written.skipBytes(4))).isEqualTo(ByteBufUtil.hexDump(input));
            if (packet instanceof Startup startup) {
                StartParameters parameters = StartParameters.read(startup);
                assertThat(parameters.user()).isNotEmpty();
                assertThat(parameters.database()).isNotEmpty();
                assertThat(parameters.settings())
                        .doesNotContainKeys(
                                "client_encoding", "standard_conforming_strings", "role", "session_authorization");
            }
        } catch (Malformed e) {
            assertThat(e).hasMessageNotContaining("null");
        } catch (Refused e) {
            assertThat(e.report().severity()).isEqualTo("FATAL");
        }
    }

    private static void hidden(BackendMessage message) {
        Reach reach = HIDES_COLUMNS.reach(ASKED, name -> null);
        switch (message) {
            case Report report -> {
                Report shown = HIDES_COLUMNS.hide(report, ASKED, reach);
                assertThat(shown.fields()).containsOnlyKeys(report.fields().keySet());
                for (char quotes : new char[] {'D', 'q', 'W'}) {
                    assertThat(shown.fields().getOrDefault(quotes, Masker.REDACTED))
                            .isEqualTo(Masker.REDACTED);
                }
                HIDES_CONTENT.hide(report, ASKED, reach);
            }
            case NotificationResponse notification -> {
                NotificationMask.hide(notification, HIDES_COLUMNS);
                NotificationMask.hide(notification, HIDES_CONTENT);
            }
            default -> {}
        }
    }

    /** A recording may be cut off anywhere, and what is in it is read once more, much later. */
    private static void recorded(Direction direction, byte[] input) {
        byte[] cut = Arrays.copyOf(input, input.length / 2);
        Transcript.read(List.of(
                new Frame(Duration.ZERO, direction, 1, ByteBufUtil.getBytes(frame(input))),
                new Frame(Duration.ofMillis(1), direction, 2, input),
                new Frame(Duration.ofMillis(2), direction, 3, cut)));
    }

    private static ByteBuf frame(byte[] input) {
        return Unpooled.buffer().writeByte(input[0]).writeInt(input.length + 3).writeBytes(input, 1, input.length - 1);
    }

    private static String hex(ByteBuf written) {
        String hex = ByteBufUtil.hexDump(written);
        written.release();
        return hex;
    }
}
