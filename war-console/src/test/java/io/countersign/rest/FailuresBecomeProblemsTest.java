package io.countersign.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ledger.LedgerUnavailable;
import io.countersign.policy.boundary.PolicyUnavailable;
import jakarta.ejb.EJBException;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.Response;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever goes wrong, REST callers read a problem document (RFC 9457). */
class FailuresBecomeProblemsTest {

    private final Problems problems = new Problems();

    @Test
    void aRefusedVoteListsItsReasons() {
        Response response = problems.toResponse(Problem.of(Response.Status.FORBIDDEN, "You may not.")
                .because(List.of("You asked for it yourself."))
                .exception());

        assertThat(response.getStatus()).isEqualTo(403);
        assertThat(response.getMediaType()).hasToString("application/problem+json");
        assertThat(body(response).getString("title")).isEqualTo("Forbidden");
        assertThat(body(response).getJsonArray("reasons").getString(0)).isEqualTo("You asked for it yourself.");
    }

    @Test
    void anUnknownAddressIsAProblemToo() {
        Response response = problems.toResponse(new NotFoundException());

        assertThat(response.getStatus()).isEqualTo(404);
        assertThat(body(response).getInt("status")).isEqualTo(404);
        assertThat(body(response).getString("detail")).contains("/api/openapi");
    }

    @Test
    void aWrongMethodStillSaysWhichAreRight() {
        Response response = problems.toResponse(new NotAllowedException("GET"));

        assertThat(response.getStatus()).isEqualTo(405);
        assertThat(response.getHeaderString("Allow")).isEqualTo("GET");
    }

    @Test
    void aDeadStoreOrAMissingPolicyIsForLater() {
        for (RuntimeException failure : List.of(
                new LedgerUnavailable("disk full"),
                new PolicyUnavailable("none"),
                new EJBException(new PolicyUnavailable("none")))) {
            Response response = problems.toResponse(failure);
            assertThat(response.getStatus()).as(failure.toString()).isEqualTo(503);
            assertThat(response.getHeaderString("Retry-After")).isEqualTo("5");
        }
    }

    @Test
    void whatNobodyForesawTellsTheCallerNothingOfTheInside() {
        Response response = problems.toResponse(new IllegalStateException("jdbc:h2:/secret/path"));

        assertThat(response.getStatus()).isEqualTo(500);
        assertThat(body(response).toString()).doesNotContain("secret").contains("incident");
    }

    private static JsonObject body(Response response) {
        return Json.createReader(new StringReader(response.getEntity().toString()))
                .readObject();
    }
}
