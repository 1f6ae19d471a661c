package io.countersign.plan;

import io.countersign.ledger.JsonReader;
import io.countersign.ledger.JsonWriter;

/** The steps of a plan as records keep them. */
final class WrittenStep {

    private WrittenStep() {}

    static void write(JsonWriter json, Step step) {
        json.text("statement", step.text())
                .objects("parameters", step.parameters(), WrittenStep::write)
                .texts("effects", step.effects());
    }

    static Step read(JsonReader json) {
        return new Step(
                json.text("statement"), json.objects("parameters", WrittenStep::parameter), json.texts("effects"));
    }

    private static void write(JsonWriter json, OpenParameter parameter) {
        json.text("type", parameter.type());
        switch (parameter) {
            case OpenParameter.Numbers numbers ->
                json.text("min", numbers.least().toPlainString())
                        .text("max", numbers.most().toPlainString());
            case OpenParameter.Days days ->
                json.text("min", days.least().toString())
                        .text("max", days.most().toString());
            case OpenParameter.Words words ->
                json.text("pattern", words.pattern().pattern());
        }
    }

    private static OpenParameter parameter(JsonReader json) {
        return OpenParameter.of(
                json.text("type"),
                json.has("min") ? json.text("min") : null,
                json.has("max") ? json.text("max") : null,
                json.has("pattern") ? json.text("pattern") : null);
    }
}
