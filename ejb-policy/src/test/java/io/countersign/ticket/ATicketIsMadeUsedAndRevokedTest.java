package io.countersign.ticket;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.BOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import io.countersign.api.Secret;
import io.countersign.api.SessionId;
import io.countersign.ledger.Blocks;
import io.countersign.ledger.Entry;
import io.countersign.ledger.TestLedger;
import io.countersign.ledger.TestStore;
import io.countersign.ledger.Work.Written;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ATicketIsMadeUsedAndRevokedTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final TestStore store = new TestStore();
    private final Secret random = TicketSecret.draw();
    private TestLedger ledger;
    private TicketBook book;

    @BeforeEach
    void open() throws Exception {
        ledger = new TestLedger(store);
        book = new TicketBook(ledger.committer(), Clock.systemUTC());
    }

    @AfterEach
    void close() throws Exception {
        ledger.close();
        store.close();
    }

    @Test
    void itStandsForTheWholeChain() throws Exception {
        TicketStanding made = issue(HOUR);
        assertThat(stored(made)).isEqualTo(made);
        assertThat(made.holder()).isEqualTo(DelegationChain.of(ALICE, BOT));
        assertThat(entries().getFirst())
                .startsWith("{\"type\":\"ticket-issued\"")
                .contains("\"subject\":\"alice\"", "\"subject\":\"bot\"", "\"target\":\"shop\"", "\"policy\":\"r1\"");
    }

    @Test
    void onlyItsOwnSecretOpensIt() throws Exception {
        TicketStanding made = issue(HOUR);
        assertThat(opensBy(made, random)).isTrue();
        assertThat(opensBy(made, TicketSecret.draw())).isFalse();
        assertThat(entries()).noneMatch(entry -> entry.contains(random.reveal()));
    }

    @Test
    void itIsUsedAsOftenAsItIsNeeded() throws Exception {
        TicketStanding made = issue(HOUR);
        assertThat(use(made, Instant.now())).isPresent();
        assertThat(use(made, Instant.now())).isPresent();
        assertThat(stored(made).lastUsed()).isPresent();
        assertThat(types()).containsExactly("ticket-issued", "ticket-used", "ticket-used");
    }

    @Test
    void afterItsEndItIsNot() throws Exception {
        TicketStanding made = issue(Duration.ofMinutes(5));
        assertThat(use(made, made.until())).isEmpty();
        assertThat(stored(made).lastUsed()).isEmpty();
    }

    @Test
    void itIsRevokedOnceAndNotUsedAfterThat() throws Exception {
        TicketStanding made = issue(HOUR);
        assertThat(book.revoke(made.id(), "alice revoked it").get())
                .hasValueSatisfying(revoked -> assertThat(revoked.why()).contains("alice revoked it"));
        assertThat(book.revoke(made.id(), "again").get()).isEmpty();
        assertThat(use(made, Instant.now())).isEmpty();
        assertThat(types()).containsExactly("ticket-issued", "ticket-revoked");
    }

    @Test
    void howeverLongTheNamesAreOfWhoRevokesIt() throws Exception {
        TicketStanding made = issue(HOUR);
        assertThat(book.revoke(made.id(), "x".repeat(2_100)).get())
                .hasValueSatisfying(revoked -> assertThat(revoked.why()).contains("x".repeat(2_000)));
    }

    @Test
    void onlyThoseThatWorkAreCounted() throws Exception {
        issue(HOUR);
        TicketStanding revoked = issue(HOUR);
        book.revoke(revoked.id(), "enough").get();
        assertThat(live(DelegationChain.of(ALICE, BOT), Instant.now())).isEqualTo(1);
        assertThat(live(DelegationChain.of(BOB), Instant.now())).isZero();
        assertThat(live(DelegationChain.of(ALICE, BOT), Instant.now().plus(HOUR)))
                .isZero();
    }

    @Test
    void aRefusalIsOnTheRecord() throws Exception {
        book.refused(wish(HOUR), List.of("There are none.")).get();
        assertThat(entries())
                .singleElement()
                .asString()
                .startsWith("{\"type\":\"ticket-refused\"")
                .contains("There are none.");
    }

    private long live(DelegationChain who, Instant now) {
        Wish wish = new Wish(who, "postgres", "shop", "", Optional.empty(), proof());
        return store.transaction(em -> TicketBook.live(em, wish, now));
    }

    private TicketStanding issue(Duration lasts) throws Exception {
        return book.issue(wish(lasts), random, HOUR, "r1").get();
    }

    private static Wish wish(Duration lasts) {
        return new Wish(DelegationChain.of(ALICE, BOT), "postgres", "shop", "by hand", Optional.of(lasts), proof());
    }

    private static Proof proof() {
        return new Proof(Proof.Way.TOKEN, Instant.now().plus(HOUR).plus(HOUR), false);
    }

    private Optional<Entry> use(TicketStanding ticket, Instant now) throws Exception {
        return ledger.committer()
                .submit(em -> {
                    Optional<Entry> used = TicketBook.use(em, ticket.id(), new SessionId(UUID.randomUUID()), now);
                    return new Written<>(used, used.stream().toList());
                })
                .get();
    }

    private TicketStanding stored(TicketStanding ticket) {
        return store.transaction(em -> em.find(Ticket.class, ticket.id()).standing());
    }

    private boolean opensBy(TicketStanding ticket, Secret secret) {
        return store.transaction(
                em -> em.find(Ticket.class, ticket.id()).opensBy(new TicketSecret(ticket.id(), secret)));
    }

    private List<String> entries() {
        return store.transaction(em -> Blocks.from(em, 0, 100)).stream()
                .flatMap(block -> block.entries().stream())
                .map(json -> new String(json, StandardCharsets.UTF_8))
                .toList();
    }

    private List<String> types() {
        return entries().stream()
                .map(json -> json.replaceAll("\\{\"type\":\"([a-z-]+)\".*", "$1"))
                .toList();
    }
}
