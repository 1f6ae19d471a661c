package io.countersign.automatic;

import io.countersign.approval.Standing;
import io.countersign.policy.Stage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks Open Policy Agent by its REST data API ({@code POST} of {@code {"input": …}}, answered by {@code {"result": …}}).
 * Certificates are those that this JVM trusts; redirects are not followed.
 */
public final class OpaClient implements AutoCloseable {

    private static final Logger LOG = System.getLogger(OpaClient.class.getName());

    private static final int MOST_BYTES = 64 * 1024;

    // Threads of its own: those of the container may all wait for the ledger, and an answer must not be late for that.
    private final HttpClient http = HttpClient.newBuilder()
            .version(Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .build();

    /** Returns at once. Completes always, and within the approver's time: what goes wrong is a no. */
    CompletableFuture<Answer> ask(Stage.Automatic approver, Standing request) {
        HttpRequest question = HttpRequest.newBuilder(approver.opa())
                .timeout(approver.timeout())
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString(Question.of(request)))
                .build();
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http.sendAsync(question, response -> new LimitedBody(MOST_BYTES));
        // The request's own timeout ends with the headers.
        return exchange.copy()
                .orTimeout(approver.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, failure) -> {
                    if (failure == null) {
                        return Answer.read(response.statusCode(), response.body());
                    }
                    exchange.cancel(true);
                    return failed(approver, request.id(), failure);
                });
    }

    private static Answer failed(Stage.Automatic approver, long request, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        LOG.log(
                Level.WARNING,
                "the automatic approver {0} at {1} gave no answer for request {2}: {3}",
                approver.name(),
                approver.opa(),
                request,
                cause);
        return switch (cause) {
            case HttpTimeoutException late -> late(approver);
            case TimeoutException late -> late(approver);
            case LimitedBody.TooLong more -> Answer.failed("Its answer has " + more.getMessage());
            default -> Answer.failed("It could not be asked");
        };
    }

    private static Answer late(Stage.Automatic approver) {
        return Answer.failed("It did not answer within " + approver.timeout().toSeconds() + " s");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
