package io.countersign.approval;

import io.countersign.api.DelegationChain;
import io.countersign.api.Digest;
import io.countersign.approval.Held.Owner;
import io.countersign.approval.Held.Parameter;
import io.countersign.ledger.JsonReader;
import io.countersign.ledger.JsonWriter;
import java.util.List;

/** What a request is about, as its row keeps it. What came later to the form is left out where it says nothing. */
final class WrittenHeld {

    private WrittenHeld() {}

    static String text(Held held) {
        return JsonWriter.document(json -> write(json, held));
    }

    private static void write(JsonWriter json, Held held) {
        if (held.matter() != Matter.COMMAND) {
            json.text("matter", held.matter().name());
        }
        if (held.inTransaction()) {
            json.flag("in-transaction", true);
        }
        json.text("session", held.session())
                .number("command", held.command())
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
                .text("policy", held.revision());
        terms(json, held);
        if (!held.insights().isEmpty()) {
            json.objects("insights", held.insights(), WrittenInsight::write);
        }
    }

    /** Who must approve, and who cannot: as entries of the ledger have it too. */
    static void terms(JsonWriter json, Held held) {
        json.objects("terms", held.terms(), WrittenTerms::write)
                .objects("owners", held.owners(), WrittenHeld::write)
                .objects("framers", held.framers(), WrittenAuthor::write);
    }

    private static void write(JsonWriter json, Owner owner) {
        json.text("issuer", owner.account().issuer())
                .text("subject", owner.account().subject())
                .text("agent", owner.agent());
    }

    static Held read(String text) {
        JsonReader json = JsonReader.of(text);
        return new Held(
                json.has("matter") ? Matter.valueOf(json.text("matter")) : Matter.COMMAND,
                json.text("session"),
                json.number("command"),
                new DelegationChain(json.objects("chain", JsonReader::identity)),
                json.text("protocol"),
                json.text("target"),
                json.texts("kinds"),
                json.text("statement"),
                json.objects("binds", bind -> new Parameter(bind.text("type"), bind.textOrNull("text"))),
                json.texts("effects"),
                json.objects("reasons", WrittenReason::read),
                json.map("state"),
                json.has("in-transaction") && json.flag("in-transaction"),
                Digest.parse(json.text("digest")),
                json.text("policy"),
                json.objects("terms", WrittenTerms::read),
                json.objects("owners", WrittenHeld::owner),
                json.has("framers") ? json.objects("framers", WrittenAuthor::framer) : List.of(),
                json.has("insights") ? json.objects("insights", WrittenInsight::read) : List.of());
    }

    private static Owner owner(JsonReader json) {
        return new Owner(new Account(json.text("issuer"), json.text("subject")), json.text("agent"));
    }
}
