package io.countersign.automatic;

import io.countersign.approval.Held;
import io.countersign.approval.Standing;
import io.countersign.approval.WrittenReason;
import io.countersign.ledger.JsonWriter;

/**
 * What an automatic approver is asked: a document {@code {"input": …}} for OPA's REST data API. It says what the request is
 * about as it was when it was opened, and nothing of votes, so that an answer holds as long as the request is open.
 */
final class Question {

    private Question() {}

    static String of(Standing request) {
        return JsonWriter.document(json -> json.object("input", input -> write(input, request)));
    }

    private static void write(JsonWriter json, Standing request) {
        Held held = request.held();
        json.number("request", request.id())
                .text("matter", held.matter().name())
                .objects("chain", held.requester().links(), JsonWriter::identity)
                .text("protocol", held.protocol())
                .text("target", held.target())
                .texts("kinds", held.kinds())
                .text("statement", held.statement())
                .objects(
                        "binds",
                        held.binds(),
                        (one, bind) -> one.text("type", bind.type()).text("text", bind.text()))
                .texts("effects", held.effects())
                .objects("reasons", held.reasons(), WrittenReason::write)
                .texts("state", held.state())
                .text("digest", held.digest().toString())
                .text("policy", held.revision())
                .time("since", request.since())
                .time("until", request.until());
    }
}
