package io.countersign.console.tickets;

import io.countersign.console.Messages;
import io.countersign.security.Caller;
import io.countersign.ticket.boundary.TicketResult;
import io.countersign.ticket.boundary.TicketView;
import io.countersign.ticket.boundary.Tickets;
import jakarta.faces.context.FacesContext;
import jakarta.faces.context.Flash;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Behind {@code tickets.xhtml}: what there is, making one, and revoking it. */
@Named("tickets")
@ViewScoped
public class TicketsBean implements Serializable {

    private static final int SHOWN = 100;

    /** Under these names the flash carries a new ticket to the page that shows it, once. */
    private static final String SECRET = "ticket.secret";

    private static final String PSQL = "ticket.psql";

    @Inject
    private Tickets tickets;

    @Inject
    private Caller caller;

    private String target = "";
    private String reason = "";
    private @Nullable Integer minutes;
    private transient @Nullable List<TicketView> shown;
    private transient @Nullable List<Tickets.Offer> offers;

    /** Makes one. */
    public void issue() throws IOException {
        say(tickets.issue(new Tickets.Question(
                caller.chain(),
                target,
                reason,
                Optional.ofNullable(minutes).map(Duration::ofMinutes),
                caller.proof())));
    }

    /** Ends one before its time. */
    public void revoke(long id) throws IOException {
        say(tickets.revoke(id, caller.chain(), caller.roles()));
    }

    /** The page that is asked for anew shows a new one's secret, once. */
    private void say(TicketResult result) throws IOException {
        Flash flash = FacesContext.getCurrentInstance().getExternalContext().getFlash();
        switch (result) {
            case TicketResult.Issued issued -> {
                flash.put(SECRET, issued.secret().reveal());
                flash.put(PSQL, issued.connect().psql(issued.secret()));
            }
            case TicketResult.Done done -> Messages.info("It is revoked, and the sessions that it opened end.");
            case TicketResult.Refused(List<String> reasons) -> Messages.errors(reasons);
            case TicketResult.Wrong(String wrong) -> Messages.warn(wrong);
            case TicketResult.NotFound() -> Messages.warn("There is no such ticket.");
        }
        Messages.showOn("/tickets");
    }

    /** The new ticket's secret, on the one page that shows it; else nothing. */
    public String getSecret() {
        return flashed(SECRET);
    }

    /** A line for a shell that connects with it. */
    public String getPsql() {
        return flashed(PSQL);
    }

    private static String flashed(String name) {
        return FacesContext.getCurrentInstance().getExternalContext().getFlash().get(name) instanceof String text
                ? text
                : "";
    }

    public List<TicketView> getShown() {
        List<TicketView> read = shown;
        if (read == null) {
            read = caller.isReadingAll() ? tickets.list(0, SHOWN) : tickets.listOf(caller.chain(), 0, SHOWN);
            shown = read;
        }
        return read;
    }

    /** The targets that the viewer may have one for. */
    public List<Tickets.Offer> getOffers() {
        List<Tickets.Offer> read = offers;
        if (read == null) {
            read = tickets.offers(caller.chain().origin().groups());
            offers = read;
        }
        return read;
    }

    /** Whether it works and the viewer may end that; who may in the end is decided where it is revoked. */
    public boolean mayRevoke(TicketView ticket) {
        return ticket.active()
                && (caller.isAdministrator() || ticket.holder().stream().anyMatch(caller.identity()::sameAccount));
    }

    public int getLongestReason() {
        return Tickets.LONGEST_REASON;
    }

    public String getTarget() {
        return target;
    }

    public void setTarget(@Nullable String target) {
        this.target = target == null ? "" : target;
    }

    public String getReason() {
        return reason;
    }

    public void setReason(@Nullable String reason) {
        this.reason = reason == null ? "" : reason;
    }

    public @Nullable Integer getMinutes() {
        return minutes;
    }

    public void setMinutes(@Nullable Integer minutes) {
        this.minutes = minutes;
    }
}
