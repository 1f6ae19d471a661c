package io.countersign.rest;

import io.countersign.grant.boundary.GrantView;
import io.countersign.grant.boundary.Grants;
import io.countersign.security.Caller;
import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArray;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Break-glass: a duty taken at once in an emergency, which others review afterwards. */
@Path("break-glass")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@PermitAll
public class BreakGlassResource {

    private static final List<String> MEMBERS = List.of("target", "duty", "reason");

    @Inject
    private Grants grants;

    @Inject
    private Caller caller;

    /** Newest first: what is in use, or has still to be reviewed. Whoever may not read it all reads their own. */
    @GET
    public JsonArray list() {
        List<GrantView> found = grants.underReview().stream()
                .filter(grant -> grants.mayRead(grant, caller.chain(), caller.roles()))
                .toList();
        return Documents.array(found, Documents::grant);
    }

    /** Whoever tries gets as far as the decision, so that every attempt is on the record. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response breakGlass(InputStream body) throws IOException {
        return GrantBody.created(
                grants.breakGlass(
                        GrantBody.read(body, caller.chain(), "Breaking the glass", MEMBERS), caller.signedIn()),
                "You may not break the glass here: ");
    }
}
