package io.countersign.rest;

import io.countersign.ledger.LedgerUnavailable;
import io.countersign.policy.boundary.PolicyUnavailable;
import jakarta.ejb.EJBException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.UUID;

/** The one place where failures become answers: always problem documents (RFC 9457), never a page, never a stack trace. */
@Provider
public class Problems implements ExceptionMapper<Throwable> {

    private static final System.Logger LOG = System.getLogger(Problems.class.getName());

    /** Seconds after which a caller may find the gateway able to serve again. */
    private static final int RETRY_AFTER = 5;

    @Override
    public Response toResponse(Throwable failure) {
        return switch (failure) {
            case ProblemException known -> answer(known.problem());
            case WebApplicationException refused -> refused(refused.getResponse());
            case LedgerUnavailable ledger -> unavailable(ledger);
            case PolicyUnavailable policy -> unavailable(policy);
            case EJBException wrapped when wrapped.getCause() != null -> toResponse(wrapped.getCause());
            default -> unforeseen(failure);
        };
    }

    private static Response answer(Problem problem) {
        return problem.response().build();
    }

    /** What Jakarta REST itself refuses: unknown paths, methods, media types. */
    private static Response refused(Response response) {
        Response.Status status = Response.Status.fromStatusCode(response.getStatus());
        if (status == null) {
            return response;
        }
        Response.ResponseBuilder answer = Response.fromResponse(answer(Problem.of(status, detail(status))));
        Object allow = response.getHeaders().getFirst(HttpHeaders.ALLOW);
        return (allow == null ? answer : answer.header(HttpHeaders.ALLOW, allow)).build();
    }

    private static String detail(Response.Status status) {
        return switch (status) {
            case NOT_FOUND -> "There is nothing at this address. GET /api/openapi describes what there is.";
            case METHOD_NOT_ALLOWED -> "This address does not take that method.";
            case NOT_ACCEPTABLE -> "This is served as JSON; ask for application/json.";
            case UNSUPPORTED_MEDIA_TYPE -> "Send JSON, and say so: Content-Type: application/json.";
            case FORBIDDEN -> "None of your roles allows this. The policy folder says which groups have which roles.";
            case UNAUTHORIZED -> "Send a token of one of the policy's issuers: Authorization: Bearer <token>.";
            default -> status.getReasonPhrase() + ".";
        };
    }

    private static Response unavailable(RuntimeException cause) {
        LOG.log(System.Logger.Level.WARNING, "A REST request could not be served: {0}", cause.getMessage());
        Problem problem = Problem.of(
                Response.Status.SERVICE_UNAVAILABLE,
                "The gateway cannot read or write its record, or has no policy. What was asked may yet have been recorded:"
                        + " look before you ask again.");
        return problem.response().header(HttpHeaders.RETRY_AFTER, RETRY_AFTER).build();
    }

    /** The details are for operators: the caller gets the number under which the log has them. */
    private static Response unforeseen(Throwable failure) {
        String incident = UUID.randomUUID().toString();
        LOG.log(System.Logger.Level.ERROR, "REST request failed, incident " + incident, failure);
        return answer(Problem.of(
                Response.Status.INTERNAL_SERVER_ERROR,
                "Something went wrong that should not. Operators find it in the log as incident " + incident + "."));
    }
}
