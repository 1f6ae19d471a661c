package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Connection;
import io.countersign.api.Secret;
import io.countersign.api.Target;
import io.countersign.core.Counters.Counter;
import io.countersign.core.ServerTls;
import io.countersign.postgres.message.Authentication;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.NegotiateProtocolVersion;
import io.countersign.postgres.message.ParameterStatus;
import io.countersign.postgres.message.PasswordMessage;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.ReadyForQuery;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.StartupPacket;
import io.countersign.postgres.message.StartupPacket.Startup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AConnectionStartsTest extends GatewayTest {

    @Test
    void withATokenAsPassword() throws Exception {
        try (RawClient client = new RawClient(gateway.number())) {
            List<BackendMessage> start = client.signIn();
            assertThat(start.getFirst()).isInstanceOf(Authentication.Ok.class);
            assertThat(start)
                    .contains(
                            new ParameterStatus("client_encoding", "UTF8"),
                            new ParameterStatus("standard_conforming_strings", "on"),
                            new ReadyForQuery(ReadyForQuery.Status.IDLE));
            assertThat(RawClient.key(start).key()).hasSize(4);
        }
        assertThat(gateway.policy.signIns.peek().target()).isEqualTo("shop");
        assertThat(gateway.policy.signIns.peek().parameters()).containsEntry("user", "alice");
    }

    @Test
    void andIsRefusedWithoutOne() throws Exception {
        try (RawClient client = new RawClient(gateway.number())) {
            client.send(new Startup(3, 0, Map.of("user", "alice", "database", "shop")));
            client.read();
            client.send(new PasswordMessage(Secret.of("forged")));
            assertThat(client.readToEnd())
                    .containsExactly(
                            Report.fatal("28P01", "the token is not valid").hint("Fetch a new one."));
        }
        assertThat(gateway.counters.value(Counter.SIGN_INS_REFUSED_TOTAL)).isEqualTo(1);
        assertThat(gateway.policy.closings).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "client_encoding,   LATIN1,           22023, client_encoding \"LATIN1\" is not accepted by this gateway",
        "replication,       database,         0A000, replication connections are not supported by this gateway",
        "role,              postgres,         0A000, start-up parameter \"role\" is not accepted by this gateway",
        "session_preload_libraries, evil,     0A000, start-up parameter \"session_preload_libraries\" is not accepted by this gateway",
        "options,           -c role=postgres, 0A000, start-up parameter \"role\" is not accepted by this gateway",
        "options,           --role=postgres,  0A000, start-up parameter \"role\" is not accepted by this gateway",
        "options,           -c countersign.plan=x, 22023, countersign.plan is no number of a plan",
        "options,           -e,               0A000, start-up option \"-e\" is not accepted by this gateway",
        "standard_conforming_strings, off,    22023, standard_conforming_strings must stay on behind this gateway"
    })
    void withoutParametersThatCouldChangeWhatIsJudged(String name, String value, String sqlState, String message)
            throws Exception {
        try (RawClient client = new RawClient(gateway.number())) {
            client.send(new Startup(3, 0, Map.of("user", "alice", "database", "shop", name, value)));
            assertThat(client.readToEnd()).singleElement().satisfies(last -> {
                assertThat(((Report) last).sqlState()).isEqualTo(sqlState);
                assertThat(((Report) last).message()).isEqualTo(message);
                assertThat(((Report) last).fields()).containsKey('H');
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "client_encoding,  utf-8,                          client_encoding,   UTF8",
        "client_encoding,  SQL_ASCII,                      client_encoding,   UTF8",
        "options,          -c TimeZone=Asia/Tokyo,         TimeZone,          Asia/Tokyo",
        "options,          --application-name=a\\ b,       application_name,  a b",
        "search_path,      pg_catalog,                     search_path,       pg_catalog",
        "IntervalStyle,    iso_8601,                       IntervalStyle,     iso_8601"
    })
    void withHarmlessOnes(String name, String value, String reported, String as) throws Exception {
        try (RawClient client = new RawClient(gateway.number())) {
            client.send(new Startup(3, 0, Map.of("user", "alice", "database", "shop", name, value)));
            client.read();
            client.send(new PasswordMessage(Secret.of(Policy.TOKEN)));
            assertThat(client.readToReady()).contains(new ParameterStatus(reported, as));
        }
    }

    @Test
    void namingThePlanThatItIsToRun() throws Exception {
        try (RawClient client = new RawClient(gateway.number())) {
            String options = "-c countersign.plan=7 -c TimeZone=Asia/Tokyo -c statement_timeout=5s";
            client.send(new Startup(3, 0, Map.of("user", "alice", "database", "shop", "options", options)));
            client.read();
            client.send(new PasswordMessage(Secret.of(Policy.TOKEN)));
            client.readToReady();
            client.send(new Query("SHOW countersign.plan"));
            assertThat(client.readToReady())
                    .filteredOn(Report.class::isInstance)
                    .singleElement()
                    .satisfies(each -> assertThat(((Report) each).sqlState()).isEqualTo("42704"));
        }
        assertThat(gateway.policy.signIns.peek().parameters())
                .containsEntry(Connection.PLAN, "7")
                .containsEntry(Connection.SETTINGS, "timezone=Asia/Tokyo");
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0, 4", "1, 0, 0, 4", "2, 0, , 32", "9, 2, 2, 32"})
    void inTheNewestVersionThatBothSpeak(int asked, int ignored, Integer answered, int key) throws Exception {
        try (RawClient client = new RawClient(gateway.number())) {
            client.send(new Startup(3, asked, Map.of("user", "alice", "database", "shop")));
            BackendMessage first = client.read();
            if (first instanceof NegotiateProtocolVersion version) {
                assertThat(version).isEqualTo(new NegotiateProtocolVersion(3 << 16 | answered, List.of()));
                first = client.read();
            } else {
                assertThat(asked).isIn(0, 2);
            }
            assertThat(first).isEqualTo(new Authentication.CleartextPassword());
            client.send(new PasswordMessage(Secret.of(Policy.TOKEN)));
            assertThat(RawClient.key(client.readToReady()).key()).hasSize(key);
        }
    }

    @Test
    void withProtocolOptionsNamedBackWhenTheyAreNotKnown() throws Exception {
        try (RawClient client = new RawClient(gateway.number())) {
            Map<String, String> parameters = new LinkedHashMap<>(Map.of("user", "alice", "database", "shop"));
            parameters.put("_pq_.new", "1");
            client.send(new Startup(3, 0, parameters));
            assertThat(client.read()).isEqualTo(new NegotiateProtocolVersion(3 << 16, List.of("_pq_.new")));
            assertThat(client.read()).isInstanceOf(Authentication.CleartextPassword.class);
        }
    }

    @Test
    void inTheClearWhereTlsIsNotOffered() throws Exception {
        try (RawClient client = new RawClient(gateway.number())) {
            client.send(new StartupPacket.GssRequest());
            assertThat(client.readByte()).isEqualTo((byte) 'N');
            client.send(new StartupPacket.SslRequest());
            assertThat(client.readByte()).isEqualTo((byte) 'N');
            client.signIn();
            client.send(new Query("SELECT 1"));
            assertThat(client.readToReady()).hasSize(4);
        }
    }

    @Test
    void unlessTheTargetCannotBeReached() throws Exception {
        gateway.policy.target = TARGET.behind(1);
        try (RawClient client = new RawClient(gateway.number())) {
            client.send(new Startup(3, 0, Map.of("user", "alice", "database", "shop")));
            client.read();
            client.send(new PasswordMessage(Secret.of(Policy.TOKEN)));
            assertThat(client.readToEnd())
                    .singleElement()
                    .satisfies(last ->
                            assertThat(((Report) last).message()).isEqualTo("target \"shop\" cannot be reached"));
        }
        assertThat(Policy.await(gateway.policy.closings::peek, "the end")).contains("cannot be reached");
        assertThat(gateway.counters.value(Counter.SESSIONS_OPEN)).isZero();
    }

    @Test
    void unlessTheGatewaysOwnPasswordIsWrong() throws Exception {
        gateway.policy.target = TARGET.as(TargetServer.USER, "not-it", new Target.Tls.Off());
        try (RawClient client = new RawClient(gateway.number())) {
            client.send(new Startup(3, 0, Map.of("user", "alice", "database", "shop")));
            client.read();
            client.send(new PasswordMessage(Secret.of(Policy.TOKEN)));
            assertThat(client.readToEnd()).singleElement().satisfies(last -> {
                assertThat(((Report) last).sqlState()).isEqualTo("08001");
                assertThat(last.toString()).doesNotContain("not-it", TargetServer.USER);
            });
        }
    }

    @Test
    void onlyWhileThereIsRoom() throws Exception {
        try (GatewayUnderTest small = new GatewayUnderTest(ServerTls.off(), 2);
                RawClient one = new RawClient(small.number());
                RawClient two = new RawClient(small.number())) {
            one.signIn();
            two.signIn();
            try (RawClient three = new RawClient(small.number())) {
                assertThat(three.readToEnd())
                        .singleElement()
                        .satisfies(
                                last -> assertThat(((Report) last).sqlState()).isEqualTo("53300"));
            }
            assertThat(small.counters.value(Counter.CONNECTIONS_REFUSED_TOTAL)).isEqualTo(1);
            one.send(new Query("SELECT 1"));
            assertThat(one.readToReady()).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "\0\0\0\7xxx", "\0\0\0\10\0\2\0\0", "SSH-2.0-x\r\n"})
    void notWithAnythingElse(String garbage) throws Exception {
        try (RawClient client = new RawClient(gateway.number())) {
            client.send(garbage.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            assertThat(client.readToEnd()).singleElement().isInstanceOf(Report.class);
        }
        try (RawClient client = new RawClient(gateway.number())) {
            client.signIn();
        }
    }
}
