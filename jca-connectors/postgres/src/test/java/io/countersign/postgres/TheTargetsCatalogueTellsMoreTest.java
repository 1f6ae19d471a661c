package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Command;
import io.countersign.api.Effect;
import io.countersign.api.Target;
import io.countersign.core.Counters.Counter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What views read and functions are, by the catalogue of a real server. */
class TheTargetsCatalogueTellsMoreTest {

    private static final TargetServer TARGET = TargetServer.running();

    private GatewayUnderTest gateway;
    private Connection alice;

    @BeforeAll
    static void thereAreViewsAndFunctions() {
        TARGET.run(
                "DROP SCHEMA IF EXISTS app CASCADE",
                "DROP SCHEMA IF EXISTS aside CASCADE",
                "CREATE SCHEMA app",
                "CREATE SCHEMA aside",
                "CREATE TABLE app.customers (id int PRIMARY KEY, name text, card text)",
                "CREATE TABLE app.vip (id int)",
                "CREATE VIEW app.names AS SELECT id, name FROM app.customers",
                "CREATE VIEW app.vips AS SELECT n.* FROM app.names n WHERE EXISTS (SELECT FROM app.vip WHERE id = n.id)",
                "CREATE VIEW app.roles AS SELECT rolname FROM pg_authid",
                "CREATE VIEW app.files AS SELECT pg_read_file('PG_VERSION') AS f, upper('x') AS u",
                "CREATE MATERIALIZED VIEW app.count AS SELECT count(*) FROM app.customers",
                "CREATE FUNCTION app.discount(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1'",
                "CREATE FUNCTION app.discount(text) RETURNS int SECURITY DEFINER LANGUAGE sql AS 'SELECT 1'",
                "CREATE FUNCTION app.steady() RETURNS int STABLE LANGUAGE sql AS 'SELECT 1'",
                "CREATE FUNCTION app.mixed() RETURNS int STABLE LANGUAGE sql AS 'SELECT 1'",
                "CREATE FUNCTION app.mixed(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "CREATE FUNCTION app.upper(varchar) RETURNS text LANGUAGE sql AS 'SELECT $1::text'",
                "CREATE FUNCTION app.shown(app.customers) RETURNS text LANGUAGE sql AS 'SELECT $1.card'",
                "CREATE FUNCTION app.same(varchar, varchar) RETURNS bool LANGUAGE sql AS 'SELECT true'",
                "CREATE OPERATOR app.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = app.same)",
                "CREATE FUNCTION aside.lower(varchar) RETURNS text LANGUAGE sql AS 'SELECT $1::text'",
                "CREATE VIEW app.discounted AS SELECT app.discount(id) FROM app.customers");
    }

    @AfterAll
    static void away() {
        TARGET.run("DROP SCHEMA app CASCADE", "DROP SCHEMA aside CASCADE");
    }

    @BeforeEach
    void aliceConnects() throws SQLException {
        gateway = new GatewayUnderTest();
        gateway.policy.target = TARGET.asked(Duration.ofHours(1));
        alice = gateway.connect("preferQueryMode=simple");
        alice.createStatement().execute("SET search_path = app, public");
    }

    @AfterEach
    void sheLeaves() throws SQLException {
        alice.close();
        gateway.close();
    }

    @Test
    void aViewIsWhatItReads() throws SQLException {
        assertThat(effects("SELECT name FROM names"))
                .contains("sql:select on table app.names", "sql:select on table app.customers (through-view)");
        assertThat(effects("SELECT * FROM vips"))
                .contains(
                        "sql:select on table app.names (through-view)",
                        "sql:select on table app.customers (through-view)",
                        "sql:select on table app.vip (through-view)");
        assertThat(effects("TABLE app.roles")).contains("sql:select on table pg_catalog.pg_authid (through-view)");
        assertThat(effects("SELECT * FROM app.count"))
                .contains("sql:select on table app.customers (through-view)")
                .noneMatch(effect -> effect.startsWith("sql:call"));
    }

    @Test
    void whatIsWrittenToItIsWrittenThere() throws SQLException {
        assertThat(effects("UPDATE names SET name = 'x'"))
                .contains(
                        "sql:update on table app.names (no-where)",
                        "sql:select on table app.customers (through-view)",
                        "sql:update on table app.customers (no-where, through-view)");
    }

    @Test
    void andWhatItCallsIsCalled() throws SQLException {
        assertThat(effects("SELECT 1 FROM app.discounted"))
                .contains("sql:call on function app.discount (security-definer, through-view, volatile)");
        assertThat(effects("SELECT f FROM app.files"))
                .contains("sql:call on function pg_catalog.pg_read_file (through-view, volatile)")
                .noneMatch(effect -> effect.contains("upper"));
    }

    @Test
    void aFunctionIsSaidToBeTheWorstThatItCouldBe() throws SQLException {
        assertThat(effects("SELECT discount(1)"))
                .contains(
                        "sql:call on function discount (security-definer, volatile)",
                        "sql:call on function app.discount (security-definer, volatile)");
        assertThat(effects("SELECT app.steady()"))
                .containsExactly("sql:select on nothing", "sql:call on function app.steady (stable)");
        assertThat(effects("SELECT app.mixed()")).contains("sql:call on function app.mixed (volatile)");
        assertThat(failing("SELECT gone()"))
                .contains("sql:call on function gone (security-definer, unknown, volatile)");
    }

    @Test
    void anOverloadOfPostgresOwnIsACallWhereItCouldBeMeant() throws SQLException {
        assertThat(effects("SELECT upper(name), lower(name) FROM app.customers"))
                .containsExactlyInAnyOrder(
                        "sql:select on table app.customers", "sql:call on function app.upper (volatile)");
        assertThat(effects("SELECT pg_catalog.upper(name) FROM app.customers"))
                .noneMatch(effect -> effect.startsWith("sql:call"));
        assertThat(effects("SELECT 1 FROM app.customers WHERE name = 'x'"))
                .contains("sql:call on operator app.\"=\" (volatile)");
    }

    @Test
    void soIsAFunctionThatLooksLikeAColumn() throws SQLException {
        assertThat(effects("SELECT c.shown FROM app.customers c"))
                .contains("sql:call on function app.shown (volatile)");
        assertThat(effects("SELECT (c).shown FROM app.customers c"))
                .contains("sql:call on function app.shown (volatile)");
        assertThat(effects("SELECT id FROM app.customers c ORDER BY c.shown"))
                .contains("sql:call on function app.shown (volatile)");
    }

    @Test
    void oneMessageDoesNotChooseItsSchemasAndThenCall() {
        assertThatThrownBy(() -> alice.createStatement().execute("SET search_path = aside; SELECT lower('x')"))
                .hasMessageContaining("cannot go on to statements that depend on them");
    }

    @Test
    void whoMakesAViewIsJudgedByItAtOnce() throws SQLException {
        alice.createStatement().execute("CREATE OR REPLACE VIEW app.newest AS SELECT id FROM app.vip");
        assertThat(effects("SELECT * FROM app.newest")).contains("sql:select on table app.vip (through-view)");

        alice.createStatement().execute("CREATE OR REPLACE VIEW app.newest AS SELECT id FROM app.customers");
        assertThat(effects("SELECT * FROM app.newest")).contains("sql:select on table app.customers (through-view)");
    }

    @Test
    void whatWasHeldDoesNotRunOnceItsViewReadsSomethingElse() throws SQLException {
        alice.createStatement().execute("CREATE OR REPLACE VIEW app.moving AS SELECT id FROM app.vip");
        gateway.policy.rule =
                command -> command.content().text().contains("/* held */") ? Policy.hold() : Policy.PERMIT;
        Process psql = gateway.startPsql("-c", "SELECT count(*) FROM app.moving /* held */");
        Command held = gateway.awaitHeld("/* held */");
        alice.createStatement().execute("CREATE OR REPLACE VIEW app.moving AS SELECT id FROM app.customers");
        effects("SELECT 1 FROM app.moving");

        gateway.release(held, Policy.PERMIT);

        assertThat(psql.inputReader().lines().collect(Collectors.joining("\n")))
                .contains("What was approved is not what would run now");
    }

    @Test
    void withoutAnAnswerNothingIsBelieved() throws Exception {
        gateway.policy.target = new Target(
                "shop",
                "postgres",
                "127.0.0.1",
                TARGET.port,
                "shop",
                "mute",
                TARGET.asked(Duration.ofHours(1)).password(),
                new Target.Tls.Off(),
                java.util.Optional.of(Duration.ofHours(1)));
        TARGET.run(
                "DROP ROLE IF EXISTS mute",
                "CREATE ROLE mute LOGIN PASSWORD '" + TargetServer.PASSWORD + "'",
                "REVOKE SELECT ON pg_catalog.pg_rewrite FROM public",
                "GRANT USAGE ON SCHEMA app TO mute",
                "GRANT SELECT ON app.names TO mute");
        try (Connection bob = gateway.connect("preferQueryMode=simple")) {
            bob.createStatement().execute("SELECT lower(name), version() FROM app.names /* mute */");
            assertThat(effectsOf("/* mute */"))
                    .contains("sql:select on table app.names", "sql:select-view-unknown on table app.names");
            assertThat(gateway.counters.value(Counter.CATALOGUES_FAILED_TOTAL)).isEqualTo(1);
        } finally {
            TARGET.run(
                    "GRANT SELECT ON pg_catalog.pg_rewrite TO public",
                    "REVOKE ALL ON SCHEMA app FROM mute",
                    "REVOKE ALL ON app.names FROM mute",
                    "DROP ROLE mute");
        }
    }

    @Test
    void whereThePolicyDoesNotHaveItAskedNothingIsAdded() throws SQLException {
        gateway.policy.target = TARGET.target("shop");
        try (Connection bob = gateway.connect("preferQueryMode=simple")) {
            bob.createStatement().execute("SELECT upper(name) FROM app.names /* plain */");
            assertThat(effectsOf("/* plain */")).containsExactly("sql:select on table app.names");
        }
    }

    private Set<String> effects(String text) throws SQLException {
        alice.createStatement().execute(text);
        return effectsOf(text);
    }

    private Set<String> failing(String text) {
        assertThatThrownBy(() -> alice.createStatement().execute(text)).isInstanceOf(SQLException.class);
        return effectsOf(text);
    }

    /** As they were judged last. */
    private Set<String> effectsOf(String text) {
        List<Command> judged = gateway.policy.judged.stream()
                .filter(command -> command.content().text().contains(text))
                .toList();
        return judged.getLast().content().effects().stream()
                .map(Effect::described)
                .collect(Collectors.toSet());
    }
}
