package io.countersign.rest;

import io.countersign.policy.Policy;
import io.countersign.policy.boundary.PolicyInForce;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Which policy is in force: to be compared with the folder's revision, as {@code countersign check} prints it. */
@Path("policy")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({"approver", "auditor", "administrator"})
public class PolicyResource {

    @Inject
    private PolicyInForce inForce;

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
}
