package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import io.countersign.it.world.Api;
import io.countersign.it.world.Await;
import io.countersign.it.world.Browser;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A ticket: a short password for one target, in place of a token that is too long for the client. */
@ExtendWith(SharedDemo.class)
class ATicketOpensItsTargetAndNothingElse {

    @Test
    void psqlSignsInAndTheWholeChainIsOnTheRecord(Demo demo) {
        Api.Reply reply = issue(demo.apiWithToken(demo.token("alice", "deploy-bot")), "shop", "PT10M");
        JsonNode ticket = reply.json();
        assertThat(ticket.get("secret").asText()).startsWith("cst_").hasSizeLessThan(64);
        assertThat(ticket.at("/connect/port").asInt()).isEqualTo(demo.port());

        String secret = ticket.get("secret").asText();
        assertThat(once(demo, secret, "SELECT 'by ' || 'ticket'").orFail().out())
                .contains("by ticket");
        assertThat(once(demo, secret, "SELECT 1").orFail().out()).contains("1");

        List<JsonNode> entries = entries(demo, ticket);
        assertThat(entries).extracting(entry -> entry.get("type").asText()).startsWith("ticket-issued");
        JsonNode opened = entries.stream()
                .filter(entry -> entry.get("type").asText().equals("session-opened"))
                .findFirst()
                .orElseThrow();
        assertThat(opened.at("/chain/0/name").asText()).isEqualTo("alice");
        assertThat(opened.at("/chain/1/subject").asText()).isEqualTo("deploy-bot");
        assertThat(entries)
                .filteredOn(entry -> entry.get("type").asText().equals("ticket-used"))
                .hasSize(2)
                .first()
                .satisfies(used -> assertThat(used.get("session")).isEqualTo(opened.get("session")));
        assertThat(demo.api("alice").get("/tickets/" + ticket.get("id")).json().has("lastUsed"))
                .isTrue();
    }

    @Test
    void atAnotherTargetItIsRefusedAndByRestToo(Demo demo) {
        JsonNode ticket = issue(demo.api("alice"), "shop-explained", "PT10M").json();
        String secret = ticket.get("secret").asText();
        assertThat(once(demo, secret, "SELECT 1").err())
                .contains("Ticket " + ticket.get("id") + " is for target shop-explained and for no other.");
        assertThat(entries(demo, ticket))
                .filteredOn(entry -> entry.get("type").asText().equals("ticket-refused"))
                .isNotEmpty()
                .allSatisfy(refused -> assertThat(refused.get("asked").asText()).isEqualTo("shop"));

        Api.Reply byRest = issue(demo.apiWithToken(secret), "shop", "PT1M");
        assertThat(byRest.status()).isEqualTo(401);
        assertThat(byRest.text()).contains("A ticket signs in at its target and nowhere else.");
        assertThat(once(demo, secret.substring(0, 54) + (secret.endsWith("A") ? "B" : "A"), "SELECT 1")
                        .err())
                .contains("There is no such ticket.");
    }

    @Test
    void onceItIsRevokedItsSessionsEndAndItNoLongerSignsIn(Demo demo) {
        JsonNode ticket = issue(demo.api("alice"), "shop", "PT10M").json();
        String secret = ticket.get("secret").asText();
        try (Program psql = demo.psqlWithToken(secret);
                Program other = demo.psql("alice")) {
            psql.type("\\set VERBOSITY verbose")
                    .type("SELECT 'it ' || 'opened';")
                    .awaitText("it opened");
            other.type("SELECT 'by ' || 'token';").awaitText("by token");
            assertThat(demo.api("bob").delete("/tickets/" + ticket.get("id")).status())
                    .isEqualTo(403);

            Api.Reply revoked = demo.api("alice").delete("/tickets/" + ticket.get("id"));
            assertThat(revoked.status()).as(revoked.text()).isEqualTo(200);
            assertThat(revoked.json().get("active").asBoolean()).isFalse();

            demo.api("dave").awaitSessionEnd("the ticket that opened this session is revoked");
            psql.type("SELECT 'too late';").awaitText("57P01").awaitText("is revoked");
            other.type("SELECT 'goes ' || 'on';").awaitText("goes on");
        }
        assertThat(once(demo, secret, "SELECT 1").err()).contains("Ticket " + ticket.get("id") + " has been revoked.");
        assertThat(entries(demo, ticket))
                .extracting(entry -> entry.get("type").asText())
                .contains("ticket-issued", "ticket-used", "ticket-revoked", "ticket-refused");
    }

    @Test
    void anExpiredOneIsRefusedClearly(Demo demo) {
        Api alice = demo.api("alice");
        JsonNode ticket = issue(alice, "shop", "PT1S").json();
        Await.until(
                "ticket " + ticket.get("id") + " to expire",
                () -> !alice.get("/tickets/" + ticket.get("id"))
                        .json()
                        .get("active")
                        .asBoolean());
        assertThat(once(demo, ticket.get("secret").asText(), "SELECT 1").err())
                .contains("Ticket " + ticket.get("id") + " has expired.")
                .contains("Make another one");
    }

    @Test
    void moreThanThePolicyAllowsIsRefusedAndOthersSeeNone(Demo demo) {
        Api.Reply longer = issue(demo.api("alice"), "shop", "PT2H");
        assertThat(longer.status()).isEqualTo(403);
        assertThat(longer.type()).startsWith("application/problem+json");
        assertThat(longer.text()).contains("A ticket for target shop lasts 1 h at the longest.");
        assertThat(issue(demo.api("alice"), "nowhere", "PT1M").status()).isEqualTo(422);
        assertThat(issue(demo.api("alice"), "shop", "soon").status()).isEqualTo(400);

        JsonNode ticket = issue(demo.api("alice"), "shop", "PT1M").json();
        assertThat(demo.api("bob").get("/tickets/" + ticket.get("id")).status()).isEqualTo(403);
        assertThat(demo.api("bob").get("/tickets").json()).isEmpty();
        Api.Reply all = demo.api("dave").get("/tickets");
        assertThat(all.json()).anySatisfy(each -> assertThat(each.get("id")).isEqualTo(ticket.get("id")));
        assertThat(all.text()).doesNotContain("cst_").doesNotContain("secret");
        assertThat(demo.api("erin").delete("/tickets/" + ticket.get("id")).status())
                .isEqualTo(200);
    }

    @Test
    void nothingThatIsKeptHasItsSecret(Demo demo) throws IOException, NoSuchAlgorithmException {
        String secret =
                issue(demo.api("alice"), "shop", "PT10M").json().get("secret").asText();
        once(demo, secret, "SELECT 1").orFail();
        String random = secret.substring(12);
        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(random.getBytes(StandardCharsets.US_ASCII)));

        assertThat(holding(demo.data(), hash))
                .as("the store's file, by the hash")
                .isNotEmpty();
        assertThat(holding(demo.data(), random)).isEmpty();
        assertThat(demo.api("dave").records()).noneMatch(each -> each.toString().contains(random));
    }

    @Test
    void theCommandLinePrintsOneAndNothingElse(Demo demo) throws IOException {
        Path token = demo.data().resolve("alice.token");
        Files.writeString(token, demo.token("alice"));
        String api = demo.described().get("api").asText();
        String ticket = Demo.countersign(
                        "ticket", "shop", "--api", api, "--ttl", "5m", "--token-file", token.toString())
                .out();
        assertThat(ticket).matches("cst_[A-Za-z0-9_-]{51}\\R");
        assertThat(once(demo, ticket.strip(), "SELECT 'from ' || 'there'")
                        .orFail()
                        .out())
                .contains("from there");
        assertThat(Demo.command("ticket", "shop", "--api", api, "--ttl", "9h", "--token-file", token.toString())
                        .finish()
                        .err())
                .contains("The gateway makes no ticket (403)")
                .contains("lasts 1 h at the longest");
    }

    @Test
    void aPersonMakesOneInTheConsoleAndRevokesIt(Demo demo) {
        try (Browser browser = Browser.start()) {
            Page page = browser.signedIn(demo, "alice");
            page.click("[data-test=nav-tickets]");
            page.selectOption("[data-test=ticket-target]", "shop");
            page.fill("[data-test=ticket-minutes]", "5");
            page.fill("[data-test=ticket-reason]", "a look from my terminal");
            page.click("[data-test=ticket-send]");
            page.waitForSelector("[data-test=secret]");
            String secret = page.textContent("[data-test=secret]");
            String line = page.textContent("[data-test=psql]");
            assertThat(line).contains("PGPASSWORD=" + secret, "-p " + demo.port(), "-d shop");

            Program.Result pasted = Program.start(
                            List.of("sh", "-c", line + " -X -At -c \"SELECT 'pasted ' || 'it'\""), Map.of())
                    .finish()
                    .orFail();
            assertThat(pasted.out()).contains("pasted it");

            page.reload();
            assertThat(page.querySelector("[data-test=secret]")).isNull();
            assertThat(page.content()).doesNotContain(secret);
            assertThat(page.textContent("[data-test=tickets]")).contains("a look from my terminal");
            page.click("[data-test=ticket]:first-child [data-test=revoke]");
            page.waitForSelector("text=It is revoked");
            assertThat(once(demo, secret, "SELECT 1").err()).contains("has been revoked");
        }
    }

    private static Api.Reply issue(Api who, String target, String ttl) {
        return who.post("/tickets", "{\"target\": \"" + target + "\", \"ttl\": \"" + ttl + "\"}");
    }

    private static Program.Result once(Demo demo, String secret, String sql) {
        return demo.psqlWithToken(secret, "-At", "-c", sql).finish();
    }

    /** What the ledger says of one ticket, in its order. */
    private static List<JsonNode> entries(Demo demo, JsonNode ticket) {
        return demo.api("dave").records().stream()
                .map(each -> each.get("entry"))
                .filter(entry ->
                        entry.path("ticket").asLong(-1) == ticket.get("id").asLong())
                .toList();
    }

    /** The files of the data directory in which these bytes stand. */
    private static List<Path> holding(Path data, String text) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(Files::isRegularFile)
                    .filter(Files::isReadable)
                    .filter(file -> contains(file, text))
                    .toList();
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException gone) {
            // A file that goes away while it is read keeps nothing.
            return false;
        }
    }
}
