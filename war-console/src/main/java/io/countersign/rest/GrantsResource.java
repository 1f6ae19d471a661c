package io.countersign.rest;

import io.countersign.grant.boundary.GrantView;
import io.countersign.grant.boundary.Grants;
import io.countersign.security.Caller;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Duties that somebody has on a target for a time: those that others grant, and broken glass beside them. */
@Path("grants")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@PermitAll
public class GrantsResource {

    private static final List<String> MEMBERS = List.of("target", "duty", "reason", "duration", "session");

    @Inject
    private Grants grants;

    @Inject
    private Caller caller;

    /** Newest first: all of them for those who approve or audit, else those in whose holder's chain the caller stands. */
    @GET
    public JsonArray list(@QueryParam("offset") @Nullable String offset, @QueryParam("limit") @Nullable String limit) {
        Page page = Page.of(offset, limit);
        List<GrantView> found = caller.isReadingRequests()
                ? grants.list(page.offset(), page.limit())
                : grants.listOf(caller.chain(), page.offset(), page.limit());
        return Documents.array(found, Documents::grant);
    }

    @GET
    @Path("{id: \\d{1,18}}")
    public JsonObject read(@PathParam("id") long id) {
        GrantView grant = grants.find(id)
                .orElseThrow(
                        () -> Problem.of(Response.Status.NOT_FOUND, absent(id)).exception());
        if (!grants.mayRead(grant, caller.chain(), caller.roles())) {
            throw Problem.of(Response.Status.FORBIDDEN, "Grant " + id + " is somebody else's.")
                    .exception();
        }
        return Documents.grant(grant);
    }

    /** Asks others for it; every attempt is on the record. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response ask(InputStream body) throws IOException {
        return GrantBody.created(
                grants.ask(GrantBody.read(body, caller.chain(), "A request for a grant", MEMBERS)),
                "This cannot be granted: ");
    }

    /** Ends it before its time, and the sessions that have used it. */
    @DELETE
    @Path("{id: \\d{1,18}}")
    public JsonObject end(@PathParam("id") long id) {
        return GrantBody.answer(grants.end(id, caller.chain(), caller.roles()), "You may not end it: ", absent(id));
    }

    private static String absent(long id) {
        return "There is no grant " + id + ".";
    }
}
