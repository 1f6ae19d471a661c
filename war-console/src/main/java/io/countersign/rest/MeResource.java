package io.countersign.rest;

import io.countersign.security.Caller;
import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Who the gateway takes the caller for: the first thing to ask when something is refused. */
@Path("me")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@PermitAll
public class MeResource {

    @Inject
    private Caller caller;

    @Inject
    private JsonWebToken token;

    @GET
    public JsonObject read() {
        return Json.createObjectBuilder()
                .add("chain", Documents.array(caller.chain().links(), Documents::identity))
                .add("roles", Documents.strings(caller.getRoleNames()))
                .add("expires", Instant.ofEpochSecond(token.getExpirationTime()).toString())
                .build();
    }
}
