package io.countersign.gateway.boundary;

import io.countersign.api.Connection;
import io.countersign.api.SignIn;
import io.countersign.gateway.Meters;
import io.countersign.gateway.Records;
import io.countersign.ledger.Entry;
import io.countersign.ledger.boundary.Ledger;
import io.countersign.ticket.TicketBook;
import io.countersign.ticket.TicketStanding;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Sign-ins that are refused: counted all, and recorded one by one only as long as that cannot fill the store. */
@ApplicationScoped
public class Refusals {

    private static final Logger LOG = System.getLogger(Refusals.class.getName());

    /** Refused sign-ins that are recorded one by one each second; a flood of them must not fill the store. */
    private static final int A_SECOND = 20;

    @Inject
    private Ledger ledger;

    @Inject
    private Meters meters;

    private final Clock clock = Clock.systemUTC();
    private final AtomicLong refusals = new AtomicLong();
    private final AtomicLong suppressed = new AtomicLong();

    /** To be called once a second. */
    public void turn() {
        refusals.set(0);
    }

    /** @param ticket the one that was shown, where it is one */
    SignIn.Refused refused(Connection connection, Optional<TicketStanding> ticket, String reason, String hint) {
        meters.signInsRefused.increment();
        if (refusals.incrementAndGet() <= A_SECOND) {
            LOG.log(Level.INFO, "sign-in from {0} refused: {1}", connection.client(), reason);
            ledger.append(entry(connection, ticket, reason), true).exceptionally(failure -> {
                LOG.log(Level.WARNING, "a refused sign-in is not on the ledger", failure);
                return false;
            });
        } else {
            suppressed.incrementAndGet();
        }
        return new SignIn.Refused(reason, hint);
    }

    private Entry entry(Connection connection, Optional<TicketStanding> ticket, String reason) {
        long others = suppressed.getAndSet(0);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return ticket.map(each -> TicketBook.refused(each, connection, reason, others, now))
                .orElseGet(() -> Records.signInRefused(connection, reason, others, now));
    }
}
