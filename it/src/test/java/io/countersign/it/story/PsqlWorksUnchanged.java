package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.it.world.Await;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Debian's psql through the gateway, with nothing changed but the address and the password. */
@ExtendWith(SharedDemo.class)
class PsqlWorksUnchanged {

    @Test
    void aPermittedSelectAnswersWithCardNumbersMasked(Demo demo) {
        Program.Result result = demo.psqlOnce("alice", "SELECT name, card_number FROM customers ORDER BY id LIMIT 3");

        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out().lines()).hasSize(3).allMatch(line -> line.contains("*"));
        assertThat(result.out()).doesNotContainPattern("\\d{13,19}").doesNotContainPattern("(\\d{4}[ -]){3}\\d{4}");
    }

    @Test
    void aCardNumberHiddenInAnExpressionIsMaskedToo(Demo demo) {
        String clear = "SELECT 'card ' || card_number || '.' FROM customers ORDER BY id LIMIT 1";
        assertThat(demo.psqlOnce("alice", clear).out()).doesNotContainPattern("\\d{6}");
        String reversed = "SELECT reverse(card_number) FROM customers ORDER BY id LIMIT 1";
        assertThat(demo.psqlOnce("alice", reversed).out()).doesNotContainPattern("\\d{6}");
        String wholeRow = "SELECT c FROM customers c ORDER BY id LIMIT 1";
        assertThat(demo.psqlOnce("alice", wholeRow).out()).doesNotContainPattern("\\d{6}");
    }

    @Test
    void describingTablesWorks(Demo demo) {
        try (Program psql = demo.psql("alice")) {
            psql.type("\\d")
                    .type("\\d+ orders")
                    .type("\\dt *.*")
                    .type("\\df")
                    .type("\\dn")
                    .type("\\du");
            Program.Result result = psql.finish();

            assertThat(result.err()).doesNotContain("ERROR").doesNotContain("FATAL");
            assertThat(result.out()).contains("customers").contains("Table \"public.orders\"");
        }
    }

    @Test
    void tabCompletionFindsTableNames(Demo demo) {
        // Between what was typed and what it adds, psql rings the bell.
        try (Program terminal = demo.terminal("alice")) {
            terminal.type("SELECT count(*) FROM cust\t;").awaitText("omers;");
            terminal.awaitText("(1 row)").type("\\q").finish();
        }
    }

    @Test
    void copyOutIsMaskedAndCopyInIsHeldOrRefused(Demo demo) throws IOException {
        Path file = Demo.freshFolder("copy").resolve("customers.csv");
        try (Program psql = demo.psql("alice")) {
            psql.type("\\copy customers TO '" + file + "' CSV HEADER");
            Program.Result result = psql.finish();
            assertThat(result.err()).as(result.out()).isEmpty();
        }
        assertThat(Files.readString(file)).contains("card_number").doesNotContainPattern("\\d{13,19}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY (SELECT card_number FROM customers) TO STDOUT",
                "COPY (SELECT reverse(card_number) FROM customers) TO STDOUT",
                "COPY customers TO STDOUT (FORMAT binary)"
            })
    void aCopyThatCannotBeMaskedIsRefused(String copy, Demo demo) {
        Program.Result result = demo.psqlOnce("alice", copy);

        assertThat(result.err()).contains("values in it must be masked");
        assertThat(result.out()).isEmpty();
        assertThat(demo.targetLog()).doesNotContain(copy);
    }

    @Test
    void ctrlCCancelsARunningQueryAndTheSessionGoesOn(Demo demo) {
        try (Program terminal = demo.terminal("alice")) {
            terminal.type("SELECT count(*) FROM generate_series(1, 100000000000);");
            Await.until("the query to run", () -> demo.targetLog().contains("generate_series(1, 100000000000)"));
            terminal.press(Program.CTRL_C).awaitText("canceling statement due to user request");
            terminal.type("SELECT 'the session ' || 'goes on';").awaitText("the session goes on");
            terminal.type("\\q").finish();
        }
    }

    @Test
    void severalStatementsInOneMessageAreDecidedAsAWhole(Demo demo) {
        Program.Result result = demo.psqlOnce("alice", "SELECT 'first of two'; DROP TABLE customers");

        assertThat(result.status()).isNotZero();
        assertThat(result.out()).doesNotContain("first of two");
        assertThat(demo.targetLog()).doesNotContain("first of two");
    }

    @Test
    void aSyntaxErrorIsReportedAsTheServerWould(Demo demo) {
        assertThat(demo.psqlOnce("alice", "SELEC 1").err()).contains("syntax error");
    }

    @Test
    void anExpiredTokenStartsNoSession(Demo demo) {
        String brief = Demo.countersign(
                        "token", "alice", "--ttl", "1", "--data", demo.data().toString())
                .out()
                .strip();
        // The issuer's clock may be off by 30 seconds, says the policy: only then the token is refused.
        Await.until("the token to expire", () -> {
            try (Program psql = demo.psqlWithToken(brief, "-c", "SELECT 1")) {
                return psql.finish().err().contains("expired");
            }
        });
    }

    @Test
    void aPasswordThatIsNoTokenIsRefusedWithWords(Demo demo) {
        try (Program psql = demo.psqlWithToken("let-me-in", "-c", "SELECT 1")) {
            assertThat(psql.finish().err()).contains("FATAL").contains("token");
        }
    }
}
