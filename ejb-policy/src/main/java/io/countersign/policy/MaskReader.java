package io.countersign.policy;

import io.countersign.api.Mask;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads masks: what answers hide, and how. */
final class MaskReader {

    private final Map<String, Mask> masks = new LinkedHashMap<>();

    void mask(Yaml.Fields fields) {
        fields.only("name", "column", "table", "detect", "way");
        Optional<String> name = fields.required("name").map(Yaml.Text::value);
        Optional<Mask.Way> way = Values.choice(
                fields.required("way"),
                Map.of("redact", Mask.Way.REDACT, "keep-last-4", Mask.Way.KEEP_LAST_4, "null", Mask.Way.NULL));
        Optional<Mask.Selector> selector;
        if (fields.has("column") == fields.has("detect")) {
            fields.problem("a mask selects by 'column' (and 'table') or by 'detect'");
            return;
        } else if (fields.has("column")) {
            String table = fields.text("table").map(Yaml.Text::value).orElse("**");
            selector = fields.text("column").map(column -> new Mask.Selector.Column(table, column.value()));
        } else {
            if (fields.has("table")) {
                fields.problem("'table' goes with 'column': what is detected is hidden wherever it stands");
            }
            if (fields.texts("detect").isEmpty()) {
                fields.problem("'detect' lists nothing, so this mask would hide nothing");
            }
            Set<Mask.Detector> detectors = new HashSet<>();
            for (Yaml.Text text : fields.texts("detect")) {
                Values.choice(
                                Optional.of(text),
                                Map.of("payment-card", Mask.Detector.PAYMENT_CARD, "email", Mask.Detector.EMAIL))
                        .ifPresent(detectors::add);
            }
            selector = Optional.of(new Mask.Selector.Detected(detectors));
        }
        if (name.isPresent() && way.isPresent() && selector.isPresent()) {
            Values.unique(
                    fields,
                    "mask",
                    masks.putIfAbsent(name.get(), new Mask(name.get(), selector.get(), way.get())),
                    name.get());
        }
    }

    /** The masks that a duty or a rule names. */
    List<Mask> named(Yaml.Fields fields) {
        List<Mask> found = new ArrayList<>();
        for (Yaml.Text text : fields.texts("masks")) {
            Mask mask = masks.get(text.value());
            if (mask == null) {
                text.problem("there is no mask named " + text.value());
            } else {
                found.add(mask);
            }
        }
        return found;
    }
}
