package io.countersign.rest;

import io.countersign.gateway.boundary.Status;
import io.countersign.security.Caller;
import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/**
 * Whether the gateway serves: store migrated, policy loaded, listeners open. A bare word for every caller and for the
 * machine itself; what is wrong, and where, for administrators.
 */
@Path("health")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@PermitAll
public class HealthResource {

    @Inject
    private Status status;

    @Inject
    private Caller caller;

    /** 200 where it serves, 503 where it does not (yet): fit for probes. */
    @GET
    public Response read() {
        boolean ready = status.ready();
        JsonObjectBuilder json = Json.createObjectBuilder().add("status", ready ? "ready" : "not-ready");
        if (caller.isAdministrator()) {
            json.add(
                    "facts",
                    Documents.array(
                            status.facts(),
                            fact -> Json.createObjectBuilder()
                                    .add("name", fact.name())
                                    .add("good", fact.good())
                                    .add("words", fact.words())
                                    .build()));
        }
        return Response.status(ready ? Response.Status.OK : Response.Status.SERVICE_UNAVAILABLE)
                .entity(json.build())
                .build();
    }
}
