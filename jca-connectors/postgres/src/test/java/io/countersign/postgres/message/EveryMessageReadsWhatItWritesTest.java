package io.countersign.postgres.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Secret;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EveryMessageReadsWhatItWritesTest {

    static Stream<FrontendMessage> frontend() {
        return Stream.of(
                new Query("SELECT 'Ünïcödé 💥'"),
                new Query(""),
                new Parse("s1", "SELECT $1", List.of(23, 0)),
                new Parse("", "", List.of()),
                new Bind(
                        "", "s1", List.of((short) 1), Arrays.asList(new byte[] {0, 1}, null), List.of((short) 0, (short)
                                1)),
                new Bind("p", "", List.of(), List.of(), List.of()),
                new Describe(Kind.STATEMENT, "s1"),
                new Describe(Kind.PORTAL, ""),
                new Execute("p", 100),
                new Close(Kind.PORTAL, "p"),
                new Close(Kind.STATEMENT, "s1"),
                new CopyFail("no more"),
                new FunctionCall(870, List.of((short) 0, (short) 1), Arrays.asList(new byte[] {1, 2}, null), (short) 1),
                new FunctionCall(-1, List.of(), List.of(), (short) 0),
                new PasswordMessage(Secret.of("a.b.c")),
                new Opaque(Opaque.COPY_DATA, new byte[] {1, 2, 3}),
                Signal.SYNC,
                Signal.FLUSH,
                Signal.TERMINATE,
                Signal.COPY_DONE);
    }

    static Stream<BackendMessage> backend() {
        Map<Character, String> fields = new LinkedHashMap<>();
        fields.put('S', "ERROR");
        fields.put('C', "42501");
        fields.put('M', "no");
        return Stream.of(
                new Authentication.Ok(),
                new Authentication.CleartextPassword(),
                new Authentication.Md5Password(List.of((byte) 1, (byte) -2, (byte) 3, (byte) 4)),
                new Authentication.Sasl(List.of("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256")),
                new Authentication.SaslContinue("r=abc"),
                new Authentication.SaslFinal("v=abc"),
                new Authentication.KerberosV5(),
                new Authentication.Gss(),
                new Authentication.GssContinue(List.of((byte) 0, (byte) -1)),
                new Authentication.Sspi(),
                new BackendKeyData(4711, new byte[] {1, 2, 3, 4}),
                new CommandComplete("DELETE 1"),
                new CopyResponse(CopyResponse.IN, false, List.of((short) 0, (short) 0)),
                new CopyResponse(CopyResponse.OUT, true, List.of((short) 1)),
                new CopyResponse(CopyResponse.BOTH, false, List.of()),
                new Opaque(Opaque.COPY_DATA, new byte[] {1, 2, 3}),
                Signal.COPY_DONE,
                new FunctionCallResponse(new byte[] {0, 1}),
                new FunctionCallResponse(null),
                new DataRow(Arrays.asList("x".getBytes(StandardCharsets.UTF_8), null, new byte[0])),
                new NegotiateProtocolVersion(3 << 16 | 2, List.of("_pq_.x")),
                new ParameterDescription(List.of(23, 25)),
                new ParameterStatus("TimeZone", "UTC"),
                new ReadyForQuery(ReadyForQuery.Status.IN_TRANSACTION),
                new Report(Report.ERROR, fields),
                new Report(Report.NOTICE, fields),
                new RowDescription(List.of(
                        new RowDescription.Field("id", 16384, (short) 1, 23, (short) 4, -1, (short) 1),
                        new RowDescription.Field("", 0, (short) 0, 25, (short) -1, -1, (short) 0))),
                new NotificationResponse(4711, "news", "Ünïcödé 💥"),
                Signal.PARSE_COMPLETE,
                Signal.BIND_COMPLETE,
                Signal.CLOSE_COMPLETE,
                Signal.NO_DATA,
                Signal.PORTAL_SUSPENDED,
                Signal.EMPTY_QUERY_RESPONSE);
    }

    static Stream<StartupPacket> startup() {
        return Stream.of(
                new StartupPacket.SslRequest(),
                new StartupPacket.GssRequest(),
                new StartupPacket.CancelRequest(4711, new byte[] {1, 2, 3, 4}),
                new StartupPacket.CancelRequest(-1, new byte[256]),
                new StartupPacket.Startup(3, 2, Map.of("user", "alice", "database", "shop")));
    }

    @ParameterizedTest
    @MethodSource("frontend")
    void fromClients(FrontendMessage message) {
        ByteBuf out = Unpooled.buffer();
        message.encode(out);
        byte type = out.readByte();
        assertThat(out.readInt()).isEqualTo(out.readableBytes() + 4);
        assertThat(FrontendMessage.decode(type, out)).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("backend")
    void fromServers(BackendMessage message) {
        ByteBuf out = Unpooled.buffer();
        message.encode(out);
        byte type = out.readByte();
        assertThat(out.readInt()).isEqualTo(out.readableBytes() + 4);
        assertThat(BackendMessage.decode(type, out)).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("startup")
    void atTheStart(StartupPacket packet) {
        ByteBuf out = Unpooled.buffer();
        packet.encode(out);
        assertThat(out.readInt()).isEqualTo(out.readableBytes() + 4);
        assertThat(StartupPacket.decode(out)).isEqualTo(packet);
    }

    @ParameterizedTest
    @MethodSource("frontend")
    void whatIsCutShortIsRefusedAndNeverReadBeyondItsEnd(FrontendMessage message) {
        ByteBuf out = Unpooled.buffer();
        message.encode(out);
        byte type = out.getByte(0);
        if (type == Opaque.COPY_DATA) {
            return;
        }
        for (int length = 0; length < out.readableBytes() - 5; length++) {
            ByteBuf part = out.slice(5, length);
            assertThatThrownBy(() -> FrontendMessage.decode(type, part)).isInstanceOf(Malformed.class);
        }
        ByteBuf longer = Unpooled.buffer()
                .writeBytes(out.slice(5, out.readableBytes() - 5))
                .writeByte(0);
        assertThatThrownBy(() -> FrontendMessage.decode(type, longer))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("too many");
    }

    @ParameterizedTest
    @CsvSource({
        "Q, 53454c454354,                   Query does not end in a zero byte",
        "Q, 80ff00,                         invalid byte sequence for encoding \"UTF8\" in Query",
        "P, 0000ffff,                       Parse type needs 4 bytes and has 0",
        "B, 00000002000100,                 Bind format needs 2 bytes and has 1",
        "B, 000000010002,                   'Bind format is 2, allowed are 0 and 1'",
        "B, 000000000001fffffffe,           Bind value needs 4294967294 bytes and has 0",
        "B, 000000020000000000000000,       Bind has 2 formats for 0 values",
        "D, 5800,                           'kind is 88, allowed are S and P'",
        "E, 0000,                           Execute rows needs 4 bytes and has 1",
        "F, 0000000100020000000000000000,   FunctionCall has 2 formats for 0 arguments",
        "F, 0000000100010002,               'FunctionCall format is 2, allowed are 0 and 1'",
        "z, 00,                             message type 122 is unknown"
    })
    void aRefusalSaysWhatIsWrong(char type, String body, String message) {
        ByteBuf in = Unpooled.wrappedBuffer(HexFormat.of().parseHex(body));
        assertThatThrownBy(() -> FrontendMessage.decode((byte) type, in)).hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 257})
    void aCancelKeyHas4To256Bytes(int length) {
        ByteBuf data = Unpooled.buffer().writeInt(1).writeZero(length);
        assertThatThrownBy(() -> BackendMessage.decode(BackendKeyData.TYPE, data))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("allowed are 4 to 256");
        ByteBuf request = Unpooled.buffer()
                .writeInt(StartupPacket.CANCEL_REQUEST)
                .writeInt(1)
                .writeZero(length);
        assertThatThrownBy(() -> StartupPacket.decode(request))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("allowed are 4 to 256");
    }

    @Test
    void whatAnswersSasl() {
        List<SaslInitialResponse> firsts = List.of(
                new SaslInitialResponse("SCRAM-SHA-256", Optional.of(Secret.of("n,,n=*,r=abc"))),
                new SaslInitialResponse("OAUTHBEARER", Optional.of(Secret.of(""))),
                new SaslInitialResponse("OAUTHBEARER", Optional.empty()));
        for (SaslInitialResponse first : firsts) {
            ByteBuf body = body(first);
            for (int length = 0; length < body.readableBytes(); length++) {
                ByteBuf part = body.slice(0, length);
                assertThatThrownBy(() -> SaslInitialResponse.decode(part)).isInstanceOf(Malformed.class);
            }
            assertThat(SaslInitialResponse.decode(body)).isEqualTo(first);
        }
        assertThat(SaslResponse.decode(body(new SaslResponse(Secret.of("c=biws")))))
                .isEqualTo(new SaslResponse(Secret.of("c=biws")));
        assertThat(GssResponse.decode(body(new GssResponse(new byte[] {0, -1}))))
                .isEqualTo(new GssResponse(new byte[] {0, -1}));
        assertThatThrownBy(() ->
                        SaslInitialResponse.decode(Unpooled.buffer().writeBytes(new byte[] {'X', 0, -1, -1, -1, -2})))
                .isInstanceOf(Malformed.class);
    }

    private static ByteBuf body(FrontendMessage message) {
        ByteBuf out = Unpooled.buffer();
        message.encode(out);
        assertThat(out.readByte()).isEqualTo((byte) 'p');
        assertThat(out.readInt()).isEqualTo(out.readableBytes() + 4);
        return out;
    }

    @ParameterizedTest
    @CsvSource({
        "Z, 4900,             ReadyForQuery has 1 bytes too many",
        "S, 6100620000,       ParameterStatus has 1 bytes too many",
        "R, 0000000000,       Ok has 1 bytes too many",
        "R, 00000006,         authentication method 6 is unknown",
        "V, 0000000101ff,     FunctionCallResponse has 1 bytes too many",
        "V, fffffffe,         FunctionCallResponse value needs 4294967294 bytes and has 0",
        "A, 000012676100,     NotificationResponse payload does not end in a zero byte",
        "R, 0000000a0000,     Sasl has 1 bytes too many",
        "H, 020000,           'COPY format is 2, allowed are 0 and 1'",
        "v, 00030000ffffffff, NegotiateProtocolVersion says it has -1 options"
    })
    void norMayAServerSayMoreThanIsRead(char type, String body, String message) {
        ByteBuf in = Unpooled.wrappedBuffer(HexFormat.of().parseHex(body));
        assertThatThrownBy(() -> BackendMessage.decode((byte) type, in))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining(message);
    }

    @Test
    void secretsDoNotShow() {
        assertThat(new SaslResponse(Secret.of("hunter2")).toString()).doesNotContain("hunter2");
        assertThat(new PasswordMessage(Secret.of("hunter2")).toString()).doesNotContain("hunter2");
        assertThat(new GssResponse("hunter2".getBytes(StandardCharsets.UTF_8)).toString())
                .isEqualTo("GssResponse[data=<secret>]");
        assertThat(new BackendKeyData(1, new byte[] {42, 42, 42, 42}).toString())
                .doesNotContain("42");
    }
}
