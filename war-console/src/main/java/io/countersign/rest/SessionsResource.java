package io.countersign.rest;

import io.countersign.api.Answer;
import io.countersign.api.Identity;
import io.countersign.recording.boundary.Recordings;
import io.countersign.security.Caller;
import io.countersign.session.boundary.SessionFilter;
import io.countersign.session.boundary.SessionView;
import io.countersign.session.boundary.Sessions;
import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.stream.JsonGenerator;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sessions, what was asked in them, and what their clients saw. */
@Path("sessions")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@PermitAll
public class SessionsResource {

    @Inject
    private Sessions sessions;

    @Inject
    private Recordings recordings;

    @Inject
    private Caller caller;

    /** Newest first: all of them for those who audit or administer, else those in whose chain the caller stands. */
    @GET
    public JsonArray list(
            @QueryParam("target") @Nullable String target,
            @QueryParam("open") @Nullable String open,
            @QueryParam("offset") @Nullable String offset,
            @QueryParam("limit") @Nullable String limit) {
        Page page = Page.of(offset, limit);
        Optional<Identity> of = caller.isReadingAll() ? Optional.empty() : Optional.of(caller.identity());
        SessionFilter filter = new SessionFilter(
                of, Optional.ofNullable(target), Optional.ofNullable(open).map(SessionsResource::truth));
        return Documents.array(sessions.list(filter, page.offset(), page.limit()), Documents::session);
    }

    @GET
    @Path("{id}")
    public JsonObject read(@PathParam("id") String id) {
        return Documents.session(readable(id));
    }

    @GET
    @Path("{id}/commands")
    public JsonArray commands(
            @PathParam("id") String id,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit) {
        readable(id);
        long from = Page.number("after", after, 0, 0, Long.MAX_VALUE);
        return Documents.array(sessions.commands(id, from, Page.of(null, limit).limit()), Documents::command);
    }

    /** The conversation in words, piece by piece. */
    @GET
    @Path("{id}/recording")
    public StreamingOutput recording(@PathParam("id") String id) {
        readable(id);
        List<Answer> answers = recordings.replay(id);
        return output -> {
            try (JsonGenerator json = Json.createGenerator(output)) {
                json.writeStartArray();
                answers.forEach(answer -> json.write(Documents.answer(answer)));
                json.writeEnd();
            }
        };
    }

    /** The recording's file as it stands on disk, for offline verification. */
    @GET
    @Path("{id}/recording")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Response rawRecording(@PathParam("id") String id) {
        readable(id);
        InputStream file = recordings
                .raw(id)
                .orElseThrow(() -> Problem.of(Response.Status.NOT_FOUND, "Session " + id + " has no recording.")
                        .exception());
        return Response.ok(file)
                .header("Content-Disposition", "attachment; filename=\"" + id + ".recording\"")
                .build();
    }

    private SessionView readable(String id) {
        SessionView session = sessions.find(id)
                .orElseThrow(() -> Problem.of(Response.Status.NOT_FOUND, "There is no such session.")
                        .exception());
        if (!sessions.mayRead(session, caller.chain(), caller.roles())) {
            throw Problem.of(
                            Response.Status.FORBIDDEN,
                            "You may read the sessions in whose delegation chain you stand; this is somebody else's.")
                    .exception();
        }
        return session;
    }

    private static boolean truth(String word) {
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw Problem.of(Response.Status.BAD_REQUEST, "The parameter open is true or false.")
                        .exception();
        };
    }
}
