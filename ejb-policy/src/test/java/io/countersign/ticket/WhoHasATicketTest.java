package io.countersign.ticket;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What there are tickets for, and where one signs in. */
class WhoHasATicketTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Proof TOKEN = new Proof(Proof.Way.TOKEN, NOON.plus(HOUR), false);

    @Test
    void whoeverHasSignedInAndAsksForNoMoreThanThePolicyAllows() {
        assertThat(wish(Optional.of(HOUR), TOKEN).against(HOUR, 0, NOON)).isEmpty();
        assertThat(wish(Optional.empty(), TOKEN).against(HOUR, 49, NOON)).isEmpty();
        assertThat(wish(Optional.of(HOUR.plusSeconds(1)), TOKEN).against(HOUR, 0, NOON))
                .containsExactly("A ticket for target shop lasts 1 h at the longest.");
        assertThat(wish(Optional.empty(), TOKEN).against(Duration.ZERO, 0, NOON))
                .containsExactly("The policy has no tickets for target shop.");
    }

    @Test
    void nobodyForATokenThatIsBoundToAKey() {
        assertThat(wish(Optional.empty(), new Proof(Proof.Way.TOKEN, NOON.plus(HOUR), true))
                        .against(HOUR, 0, NOON))
                .singleElement()
                .asString()
                .startsWith("The token is bound to a key");
    }

    @Test
    void nobodyWhoseProofIsOverOrWhoHasTooManyAlready() {
        assertThat(wish(Optional.empty(), new Proof(Proof.Way.CONSOLE, NOON, false))
                        .against(HOUR, 50, NOON))
                .containsExactly(
                        "What you have signed in with has expired. Sign in again.",
                        "alice has 50 tickets that work, as many as there may be. Revoke one.");
    }

    @Test
    void itNeverOutlivesWhatItWasMadeWith() {
        assertThat(wish(Optional.empty(), TOKEN).until(Duration.ofHours(8), NOON))
                .isEqualTo(NOON.plus(HOUR));
        assertThat(wish(Optional.of(Duration.ofMinutes(5)), TOKEN).until(Duration.ofHours(8), NOON))
                .isEqualTo(NOON.plusSeconds(300));
    }

    @Test
    void itSignsInAtItsTargetUntilItsEnd() {
        assertThat(against("shop", HOUR, NOON)).isEmpty();
        assertThat(against("shop", HOUR, NOON.plusSeconds(1_799))).isEmpty();
        assertThat(against("shop", HOUR, NOON.plusSeconds(1_800))).contains("Ticket 7 has expired.");
        assertThat(against("bank", HOUR, NOON)).contains("Ticket 7 is for target shop and for no other.");
        assertThat(ticket(Optional.empty()).against("ssh", "shop", HOUR, NOON))
                .contains("Ticket 7 is for target shop and for no other.");
    }

    @Test
    void norOnceItIsRevoked() {
        assertThat(ticket(Optional.of(NOON)).against("postgres", "shop", HOUR, NOON))
                .contains("Ticket 7 has been revoked.");
        assertThat(ticket(Optional.of(NOON)).active(NOON)).isFalse();
    }

    @Test
    void whatThePolicyShortensItShortensAtOnce() {
        Duration minutes = Duration.ofMinutes(5);
        assertThat(against("shop", minutes, NOON.plusSeconds(299))).isEmpty();
        assertThat(against("shop", minutes, NOON.plusSeconds(300)))
                .contains("Ticket 7 is older than the policy now lets tickets for shop be.");
        assertThat(against("shop", Duration.ZERO, NOON)).isPresent();
    }

    private static Optional<String> against(String target, Duration longest, Instant now) {
        return ticket(Optional.empty()).against("postgres", target, longest, now);
    }

    private static TicketStanding ticket(Optional<Instant> revoked) {
        return new TicketStanding(
                7,
                DelegationChain.of(ALICE, BOT),
                Proof.Way.TOKEN,
                "postgres",
                "shop",
                "",
                NOON,
                NOON.plusSeconds(1_800),
                NOON.plus(HOUR),
                Optional.empty(),
                revoked,
                revoked.map(when -> "alice revoked it"));
    }

    private static Wish wish(Optional<Duration> lasts, Proof proof) {
        return new Wish(DelegationChain.of(ALICE, BOT), "postgres", "shop", "", lasts, proof);
    }
}
