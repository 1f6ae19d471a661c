package io.countersign.rest;

import io.countersign.revision.ProposalState;
import io.countersign.revision.Tallied;
import io.countersign.revision.boundary.ProposalView;
import io.countersign.revision.boundary.Revisions;
import io.countersign.revision.boundary.Submitted;
import io.countersign.security.Caller;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Revisions of the policy that wait, or waited, for somebody else than their author. */
@Path("policy/proposals")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({"approver", "auditor", "administrator"})
public class ProposalsResource {

    @Inject
    private Revisions revisions;

    @Inject
    private Caller caller;

    /** Newest first. */
    @GET
    public JsonArray list(
            @QueryParam("state") @Nullable String state,
            @QueryParam("offset") @Nullable String offset,
            @QueryParam("limit") @Nullable String limit) {
        Page page = Page.of(offset, limit);
        return Documents.array(
                revisions.list(Optional.ofNullable(state).map(ProposalsResource::state), page.offset(), page.limit()),
                Documents::proposal);
    }

    @GET
    @Path("{id: \\d{1,18}}")
    public JsonObject read(@PathParam("id") long id) {
        return Documents.proposal(revisions.find(id).orElseThrow(() -> absent(id)));
    }

    /** Proposes files, or an earlier revision again. Whoever has any role may: it changes nothing by itself. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({"requester", "approver", "administrator"})
    public Response propose(InputStream body) throws IOException {
        Upload upload = Upload.json(body);
        return submitted(
                upload.revision().isEmpty()
                        ? revisions.propose(upload.files(), caller.chain(), upload.comment())
                        : revisions.rollBack(upload.revision(), caller.chain(), upload.comment()));
    }

    /** The same with the folder as an archive. */
    @POST
    @Consumes("application/zip")
    @RolesAllowed({"requester", "approver", "administrator"})
    public Response proposeArchive(InputStream body, @QueryParam("comment") @Nullable String comment)
            throws IOException {
        Upload upload = Upload.zip(body, comment == null ? "" : comment);
        return submitted(revisions.propose(upload.files(), caller.chain(), upload.comment()));
    }

    /** Votes. Whoever tries gets as far as the decision, so that every attempt is on the record. */
    @POST
    @Path("{id: \\d{1,18}}/votes")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermitAll
    public JsonObject vote(@PathParam("id") long id, InputStream body) throws IOException {
        Ballot ballot = Ballot.read(body);
        return switch (revisions.vote(id, caller.chain(), ballot.choice(), ballot.comment())) {
            case Tallied.Counted counted ->
                Documents.proposal(revisions.find(id).orElseThrow(() -> absent(id)));
            case Tallied.NotAllowed(List<String> reasons) ->
                throw Problem.of(
                                Response.Status.FORBIDDEN,
                                "You may not decide proposal " + id + ": " + String.join(" ", reasons))
                        .because(reasons)
                        .exception();
            case Tallied.Closed closed ->
                throw conflict("Proposal " + id + " is decided already: it is "
                        + Documents.word(closed.proposal().state()).replace('-', ' ') + ".");
            case Tallied.BadComment(String reason) ->
                throw Problem.unprocessable(reason).exception();
            case Tallied.Invalid(String problems) ->
                throw Problem.unprocessable("This revision is not valid here any more.")
                        .because(problems.lines().toList())
                        .exception();
            case Tallied.NotFound() -> throw absent(id);
        };
    }

    private static Response submitted(Submitted result) {
        return switch (result) {
            case Submitted.Waiting(ProposalView proposal) ->
                Response.status(Response.Status.CREATED)
                        .entity(Documents.proposal(proposal))
                        .build();
            case Submitted.Invalid(String problems) ->
                throw Problem.unprocessable("This policy is not valid, so it is not proposed.")
                        .because(problems.lines().toList())
                        .exception();
            case Submitted.NotNow(String why) -> throw conflict(why);
            case Submitted.NotFound() ->
                throw Problem.of(Response.Status.NOT_FOUND, "No such revision was ever in force.")
                        .exception();
        };
    }

    private static ProposalState state(String word) {
        return Arrays.stream(ProposalState.values())
                .filter(state -> Documents.word(state).equals(word))
                .findFirst()
                .orElseThrow(() -> Problem.of(
                                Response.Status.BAD_REQUEST,
                                "The parameter state is one of "
                                        + Arrays.stream(ProposalState.values())
                                                .map(Documents::word)
                                                .collect(Collectors.joining(", "))
                                        + ".")
                        .exception());
    }

    private static ProblemException conflict(String why) {
        return Problem.of(Response.Status.CONFLICT, why).exception();
    }

    private static ProblemException absent(long id) {
        return Problem.of(Response.Status.NOT_FOUND, "There is no proposal " + id + ".")
                .exception();
    }
}
