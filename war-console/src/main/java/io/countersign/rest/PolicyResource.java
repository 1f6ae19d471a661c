package io.countersign.rest;

import io.countersign.policy.Policy;
import io.countersign.policy.boundary.PolicyInForce;
import io.countersign.revision.boundary.PolicyWatch;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;

/** Which policy is in force: to be compared with the folder's revision, as {@code countersign check} prints it. */
@Path("policy")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({"approver", "auditor", "administrator"})
public class PolicyResource {

    @Inject
    private PolicyInForce inForce;

    @Inject
    private PolicyWatch watch;

    @Context
    private HttpServletRequest request;

    @GET
    public JsonObject read() {
        Policy policy = inForce.current();
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("revision", policy.revision())
                .add("summary", policy.described())
                .add(
                        "files",
                        Documents.strings(policy.files().stream()
                                .map(Policy.SourceFile::name)
                                .toList()));
        inForce.problem().ifPresent(problem -> json.add("problem", problem));
        return json.build();
    }

    /** Puts the first revision in force. There is no policy yet, and so no token: the one-time code is the proof. */
    @POST
    @Path("bootstrap")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermitAll
    public JsonObject bootstrap(InputStream body) throws IOException {
        String code = Upload.code(body);
        return watch.bootstrap(code, String.valueOf(request.getRemoteAddr()))
                .map(Documents::proposal)
                .orElseThrow(() -> Problem.of(
                                Response.Status.FORBIDDEN,
                                "That is not the code that the gateway's log shows, or a policy is in force already.")
                        .exception());
    }
}
