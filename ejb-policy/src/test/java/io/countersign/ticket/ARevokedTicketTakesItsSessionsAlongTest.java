package io.countersign.ticket;

import static io.countersign.approval.Requests.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ARevokedTicketTakesItsSessionsAlongTest {

    private final Opened opened = new Opened();
    private final Session one = session();
    private final Session two = session();
    private final Session other = session();

    @Test
    void thoseThatItOpenedAndNoOthers() {
        opened.opens(7, one);
        opened.opens(7, two);
        opened.opens(8, other);
        assertThat(opened.stranded()).isEmpty();
        opened.revoked(7);
        assertThat(opened.stranded()).containsExactlyInAnyOrder(one, two);
    }

    @Test
    void againUntilTheyHaveLeft() {
        opened.opens(7, one);
        opened.revoked(7);
        assertThat(opened.stranded()).containsExactly(one);
        assertThat(opened.stranded()).containsExactly(one);
        opened.left(one.id());
        assertThat(opened.stranded()).isEmpty();
    }

    @Test
    void alsoOneThatIsAboutToOpen() {
        opened.opens(7, one);
        opened.revoked(7);
        opened.opens(7, two);
        assertThat(opened.stranded()).containsExactlyInAnyOrder(one, two);
    }

    @Test
    void itIsKnownWhichSessionsAreByTicket() {
        opened.opens(7, one);
        assertThat(opened.has(one.id())).isTrue();
        assertThat(opened.has(two.id())).isFalse();
        opened.left(one.id());
        assertThat(opened.has(one.id())).isFalse();
    }

    private static Session session() {
        return new Session(
                new SessionId(UUID.randomUUID()),
                DelegationChain.of(ALICE),
                "postgres",
                "shop",
                "127.0.0.1:5",
                Instant.EPOCH,
                Instant.MAX);
    }
}
