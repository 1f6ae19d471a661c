package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.it.world.Await;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Postgres;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * pg_dump through the gateway. It refuses servers newer than itself, and Debian's is older than the demo's server: so the
 * same shop stands in Debian's own PostgreSQL too, as a second target that comes into force while the gateway runs.
 */
@ExtendWith(SharedDemo.class)
class ADumpIsWholeForWhoMayHaveIt {

    private static final String TARGET = "debian-shop";

    /** Beside the demo's own duties: what they lack for the data of a whole dump, and for one by support. */
    private static final String DUTIES = """
              - name: whole-dump
                carried-by: [dba]
                rules:
                  - name: dump-all-data
                    targets: [debian-shop]
                    effects: ["sql:copy-to on table public.*", "sql:select on table public.*"]
                    decision: permit
                  - name: dump-large-objects
                    targets: [debian-shop]
                    effects:
                      - sql:call on function pg_catalog.lo_open
                      - sql:call on function pg_catalog.loread
                      - sql:call on function pg_catalog.lo_close
                    decision: permit
              - name: masked-dump
                carried-by: [support]
                rules:
                  - name: dump-through-masks
                    targets: [debian-shop]
                    effects: ["sql:set on setting *", "sql:call on function **", "sql:set on setting", "sql:lock"]
                    decision: permit
            """;

    private static Postgres server;
    private static Path policy;

    @BeforeAll
    static void aSecondShop(Demo demo) throws IOException {
        server = Postgres.start();
        server.ask("postgres", "-c", "CREATE ROLE shop_gateway", "-c", "CREATE DATABASE shop OWNER shop_gateway");
        server.ask("shop", "-f", Demo.home("server-config/src/main/distribution/demo/shop.sql"));
        server.ask("shop", "-c", "SELECT lo_from_bytea(4711, convert_to(repeat('a lamp ', 10000), 'UTF8'))");
        String before = revision(demo);
        policy = Files.writeString(demo.policy().resolve(TARGET + ".yaml"), policy(demo));
        Await.until("the second target to be in force", () -> !revision(demo).equals(before));
    }

    @AfterAll
    static void away() throws IOException {
        try {
            if (policy != null) {
                Files.delete(policy);
            }
        } finally {
            server.close();
        }
    }

    @Test
    void theSchemaAloneTakesTheDemosOwnDuty(Demo demo) {
        String dump = dump(demo, "frank", "--schema-only");

        assertThat(dump).contains("CREATE TABLE public.customers").contains("CREATE VIEW public.order_totals");
    }

    @Test
    void aWholeDumpRestoresToTheSameShop(Demo demo) throws IOException {
        Path file = Files.writeString(Demo.freshFolder("dump").resolve("shop.sql"), dump(demo, "frank"));

        server.ask("postgres", "-c", "CREATE DATABASE restored");
        server.ask("restored", "-f", file.toString());

        assertThat(contents("restored")).isEqualTo(contents("shop")).contains("orders|1000|", "4711|");
        assertThat(demo.api("dave").records().toString())
                .contains("COPY public.customers (id, name, email, phone, card_number, since) TO stdout");
    }

    @Test
    void whereADutyHasMasksSoHasTheDump(Demo demo) {
        String dump = dump(demo, "alice");

        assertThat(dump)
                .contains("COPY public.customers")
                .containsPattern("\\*{12}\\d{4}")
                .doesNotContainPattern("\\d{13,19}")
                .doesNotContain("@example.");
    }

    private static String dump(Demo demo, String login, String... options) {
        List<String> command = new ArrayList<>(List.of(
                server.program("pg_dump").toString(),
                "-d",
                demo.conninfo(login).replaceFirst("dbname=\\S+", "dbname=" + TARGET)));
        command.addAll(List.of(options));
        return Program.start(command, Map.of("PGPASSWORD", demo.token(login)))
                .finish()
                .orFail()
                .out();
    }

    /** Each table's rows, counted and hashed, the large objects, and where its sequences stand. */
    private static String contents(String database) {
        StringBuilder all = new StringBuilder(
                server.ask(database, "-c", "SELECT sequencename, last_value FROM pg_sequences ORDER BY sequencename"));
        all.append(
                server.ask(database, "-c", "SELECT oid, md5(lo_get(oid)) FROM pg_largeobject_metadata ORDER BY oid"));
        String tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename";
        for (String table : server.ask(database, "-c", tables).lines().toList()) {
            String rows =
                    "SELECT '%1$s', count(*), md5(string_agg(t::text, ';' ORDER BY t::text)) FROM public.%1$s AS t";
            all.append(server.ask(database, "-c", rows.formatted(table)));
        }
        return all.toString();
    }

    /** The target, and for it the demo's own duties under other names. */
    private static String policy(Demo demo) throws IOException {
        String shop = Files.readString(demo.policy().resolve("shop.yaml"));
        String duties = shop.substring(shop.indexOf("duties:"))
                .replace("targets: [shop]", "targets: [" + TARGET + "]")
                .replaceAll("- name: (\\S+)", "- name: $1-of-debian");
        return """
                targets:
                  - name: %s
                    protocol: postgres
                    host: 127.0.0.1
                    port: %d
                    database: shop
                    user: %s
                    password: {file: %s}
                    tls: off
                %s%s
                """.formatted(TARGET, server.port(), Postgres.USER, server.passwordFile(), duties, DUTIES);
    }

    private static String revision(Demo demo) {
        return demo.api("dave").get("/policy").json().get("revision").asText();
    }
}
