package io.countersign.rest;

import io.countersign.approval.boundary.Approvals;
import io.countersign.approval.boundary.VoteResult;
import io.countersign.plan.boundary.PlanResult;
import io.countersign.plan.boundary.PlanView;
import io.countersign.plan.boundary.Plans;
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
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plans: commands that others approve together and somebody else runs. */
@Path("plans")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@PermitAll
public class PlansResource {

    @Inject
    private Plans plans;

    @Inject
    private Approvals approvals;

    @Inject
    private Caller caller;

    /** Newest first: all of them for those who approve, audit or may run them, else the caller's own. */
    @GET
    public JsonArray list(@QueryParam("offset") @Nullable String offset, @QueryParam("limit") @Nullable String limit) {
        Page page = Page.of(offset, limit);
        List<PlanView> found = plans.mayReadAll(caller.chain(), caller.roles())
                ? plans.list(page.offset(), page.limit())
                : plans.listOf(caller.chain(), page.offset(), page.limit());
        return Documents.array(found, PlanDocument::of);
    }

    @GET
    @Path("{id: \\d{1,18}}")
    public JsonObject read(@PathParam("id") long id) {
        return PlanDocument.of(readable(id));
    }

    /** Submits one; every attempt that the policy refuses is on the record. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response submit(InputStream body) throws IOException {
        JsonObject document = answer(plans.submit(PlanBody.read(body, caller.chain())), "This plan is refused: ", "");
        return Response.created(URI.create("plans/" + document.getJsonNumber("id")))
                .entity(document)
                .build();
    }

    /** Ends one that has been approved, and the session that runs it. */
    @DELETE
    @Path("{id: \\d{1,18}}")
    public JsonObject end(@PathParam("id") long id) {
        return answer(plans.end(id, caller.chain(), caller.roles()), "You may not end it: ", absent(id));
    }

    /** Votes on its request; whoever tries gets as far as the decision, so that every attempt is on the record. */
    @POST
    @Path("{id: \\d{1,18}}/votes")
    @Consumes(MediaType.APPLICATION_JSON)
    public JsonObject vote(@PathParam("id") long id, InputStream body) throws IOException {
        Ballot ballot = Ballot.read(body);
        long request = existing(id).request();
        return voted(id, request, approvals.vote(request, caller.chain(), ballot.choice(), ballot.comment()));
    }

    /** Takes the caller's own vote back, which is possible until the plan is decided. */
    @DELETE
    @Path("{id: \\d{1,18}}/votes")
    public JsonObject withdrawVote(@PathParam("id") long id) {
        long request = existing(id).request();
        return voted(id, request, approvals.withdrawVote(request, caller.chain()));
    }

    private JsonObject voted(long id, long request, VoteResult result) {
        RequestsResource.answer(request, result, "A vote on it changes nothing.");
        return PlanDocument.of(existing(id));
    }

    private PlanView existing(long id) {
        return plans.find(id)
                .orElseThrow(
                        () -> Problem.of(Response.Status.NOT_FOUND, absent(id)).exception());
    }

    private PlanView readable(long id) {
        PlanView plan = existing(id);
        if (!plans.mayRead(plan, caller.chain(), caller.roles())) {
            throw Problem.of(Response.Status.FORBIDDEN, "Plan " + id + " is somebody else's.")
                    .exception();
        }
        return plan;
    }

    private static JsonObject answer(PlanResult result, String refusal, String absent) {
        return switch (result) {
            case PlanResult.Done(PlanView plan) -> PlanDocument.of(plan);
            case PlanResult.Refused(List<String> reasons) ->
                throw Problem.of(Response.Status.FORBIDDEN, refusal + String.join(" ", reasons))
                        .because(reasons)
                        .exception();
            case PlanResult.Wrong(String reason) ->
                throw Problem.unprocessable(reason).exception();
            case PlanResult.NotFound() ->
                throw Problem.of(Response.Status.NOT_FOUND, absent).exception();
        };
    }

    private static String absent(long id) {
        return "There is no plan " + id + ".";
    }
}
