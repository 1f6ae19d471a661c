package io.countersign.rest;

import io.countersign.approval.State;
import io.countersign.approval.boundary.Approvals;
import io.countersign.approval.boundary.RequestView;
import io.countersign.approval.boundary.VoteResult;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Approval requests: the commands that wait, or waited, for somebody else. */
@Path("requests")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@PermitAll
public class RequestsResource {

    @Inject
    private Approvals approvals;

    @Inject
    private Caller caller;

    /** Newest first: all of them for those who approve or audit, else those in whose chain the caller stands. */
    @GET
    public JsonArray list(
            @QueryParam("state") @Nullable String state,
            @QueryParam("offset") @Nullable String offset,
            @QueryParam("limit") @Nullable String limit) {
        Optional<State> wanted = Optional.ofNullable(state).map(RequestsResource::state);
        Page page = Page.of(offset, limit);
        List<RequestView> found = caller.isReadingRequests()
                ? approvals.list(wanted, page.offset(), page.limit())
                : approvals.listOf(caller.chain(), wanted, page.offset(), page.limit());
        return Documents.array(found, Documents::request);
    }

    @GET
    @Path("{id: \\d{1,18}}")
    public JsonObject read(@PathParam("id") long id) {
        RequestView request = approvals.find(id).orElseThrow(() -> absent(id));
        if (!approvals.mayRead(request, caller.chain(), caller.roles())) {
            throw Problem.of(
                            Response.Status.FORBIDDEN,
                            "You may read the requests in whose delegation chain you stand; request " + id
                                    + " is somebody else's.")
                    .exception();
        }
        return Documents.detailed(request, approvals.insights(request, caller.chain()));
    }

    /** Gives a request up, on behalf of those who ask: what waits for it is refused. */
    @DELETE
    @Path("{id: \\d{1,18}}")
    public JsonObject giveUp(@PathParam("id") long id) {
        return answer(id, approvals.giveUp(id, caller.chain()), "There is nothing to give up.");
    }

    /**
     * Votes. Whoever tries gets as far as the decision, so that every attempt is on the record: there is no check of
     * roles before it.
     */
    @POST
    @Path("{id: \\d{1,18}}/votes")
    @Consumes(MediaType.APPLICATION_JSON)
    public JsonObject vote(@PathParam("id") long id, InputStream body) throws IOException {
        Ballot ballot = Ballot.read(body);
        return answer(
                id, approvals.vote(id, caller.chain(), ballot.choice(), ballot.comment()), "The vote was not counted.");
    }

    /** Takes the caller's own vote back, which is possible until the command is released. */
    @DELETE
    @Path("{id: \\d{1,18}}/votes")
    public JsonObject withdrawVote(@PathParam("id") long id) {
        return answer(id, approvals.withdrawVote(id, caller.chain()), "A vote on it stays what it is.");
    }

    static JsonObject answer(long id, VoteResult result, String late) {
        return switch (result) {
            case VoteResult.Counted counted -> Documents.request(counted.after());
            case VoteResult.NotAllowed refused ->
                throw Problem.of(
                                Response.Status.FORBIDDEN,
                                "You may not decide request " + id + ": " + String.join(" ", refused.reasons()))
                        .because(refused.reasons())
                        .exception();
            case VoteResult.Closed closed ->
                throw Problem.of(
                                Response.Status.CONFLICT,
                                "Request " + id + " is closed already: it is " + Documents.word(closed.state()) + ". "
                                        + late)
                        .exception();
            case VoteResult.BadComment bad ->
                throw Problem.unprocessable(bad.reason()).exception();
            case VoteResult.NotFound() -> throw absent(id);
        };
    }

    private static State state(String word) {
        return Arrays.stream(State.values())
                .filter(state -> Documents.word(state).equals(word))
                .findFirst()
                .orElseThrow(() -> Problem.of(
                                Response.Status.BAD_REQUEST,
                                "The parameter state is one of "
                                        + String.join(
                                                ", ",
                                                Arrays.stream(State.values())
                                                        .map(Documents::word)
                                                        .toList())
                                        + ".")
                        .exception());
    }

    private static ProblemException absent(long id) {
        return Problem.of(Response.Status.NOT_FOUND, "There is no request " + id + ".")
                .exception();
    }
}
