package io.countersign.rest;

import io.countersign.security.Caller;
import io.countersign.ticket.boundary.TicketResult;
import io.countersign.ticket.boundary.TicketView;
import io.countersign.ticket.boundary.Tickets;
import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tickets: short secrets for one target and a short time, in place of a token that is too long for a client. */
@Path("tickets")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@PermitAll
public class TicketsResource {

    private static final List<String> MEMBERS = List.of("target", "ttl", "reason");
    private static final int LONGEST_BODY = 16 * 1024;

    @Inject
    private Tickets tickets;

    @Inject
    private Caller caller;

    /** Newest first: all of them for those who audit, else those in whose holder's chain the caller stands. */
    @GET
    public JsonArray list(@QueryParam("offset") @Nullable String offset, @QueryParam("limit") @Nullable String limit) {
        Page page = Page.of(offset, limit);
        List<TicketView> found = caller.isReadingAll()
                ? tickets.list(page.offset(), page.limit())
                : tickets.listOf(caller.chain(), page.offset(), page.limit());
        return Documents.array(found, TicketDocument::of);
    }

    @GET
    @Path("{id: \\d{1,18}}")
    public JsonObject read(@PathParam("id") long id) {
        TicketView ticket = tickets.find(id)
                .orElseThrow(
                        () -> Problem.of(Response.Status.NOT_FOUND, absent(id)).exception());
        if (!tickets.mayRead(ticket, caller.chain(), caller.roles())) {
            throw Problem.of(Response.Status.FORBIDDEN, "Ticket " + id + " is somebody else's.")
                    .exception();
        }
        return TicketDocument.of(ticket);
    }

    /** Makes one for the caller; every attempt is on the record. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response issue(InputStream body) throws IOException {
        Map<String, String> read = Texts.read(body, "A ticket", MEMBERS, LONGEST_BODY);
        String target = read.get("target");
        if (target == null) {
            throw Texts.bad("The member target is missing.");
        }
        TicketResult result = tickets.issue(new Tickets.Question(
                caller.chain(),
                target,
                read.getOrDefault("reason", ""),
                Optional.ofNullable(read.get("ttl")).map(TicketsResource::duration),
                caller.proof()));
        if (result instanceof TicketResult.Issued issued) {
            return Response.created(URI.create("tickets/" + issued.ticket().id()))
                    .header("Cache-Control", "no-store")
                    .entity(TicketDocument.issued(issued))
                    .build();
        }
        throw problem(result, "There is no ticket for you: ", "").exception();
    }

    /** Ends it before its time, and the sessions that it opened. */
    @DELETE
    @Path("{id: \\d{1,18}}")
    public JsonObject revoke(@PathParam("id") long id) {
        TicketResult result = tickets.revoke(id, caller.chain(), caller.roles());
        if (result instanceof TicketResult.Done(TicketView ticket)) {
            return TicketDocument.of(ticket);
        }
        throw problem(result, "You may not revoke it: ", absent(id)).exception();
    }

    private static Problem problem(TicketResult result, String refusal, String absent) {
        return switch (result) {
            case TicketResult.Refused(List<String> reasons) ->
                Problem.of(Response.Status.FORBIDDEN, refusal + String.join(" ", reasons))
                        .because(reasons);
            case TicketResult.Wrong(String reason) -> Problem.unprocessable(reason);
            case TicketResult.NotFound() -> Problem.of(Response.Status.NOT_FOUND, absent);
            case TicketResult.Issued issued -> throw new IllegalStateException("it is issued");
            case TicketResult.Done done -> throw new IllegalStateException("it is done");
        };
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException notADuration) {
            throw Texts.bad("The ttl is an ISO 8601 duration, such as PT30M or PT2H.");
        }
    }

    private static String absent(long id) {
        return "There is no ticket " + id + ".";
    }
}
