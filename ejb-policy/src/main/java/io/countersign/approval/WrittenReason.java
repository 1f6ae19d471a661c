package io.countersign.approval;

import io.countersign.ledger.JsonReader;
import io.countersign.ledger.JsonWriter;
import io.countersign.policy.Decision.Reason;
import io.countersign.policy.Decision.Ruling;

/** A decision's reason, as every record has it. */
public final class WrittenReason {

    private WrittenReason() {}

    public static void write(JsonWriter json, Reason reason) {
        json.text("effect", reason.effect())
                .text("ruling", reason.ruling().name())
                .text("rule", reason.rule())
                .text("file", reason.file())
                .number("line", reason.line())
                .text("words", reason.words());
    }

    public static Reason read(JsonReader json) {
        return new Reason(
                json.text("effect"),
                Ruling.valueOf(json.text("ruling")),
                json.text("rule"),
                json.text("file"),
                Math.toIntExact(json.number("line")),
                json.text("words"));
    }
}
