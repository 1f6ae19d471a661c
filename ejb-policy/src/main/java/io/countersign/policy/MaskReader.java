package io.countersign.policy;

import io.countersign.api.Mask;
import io.countersign.api.Secret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads masks: what answers hide, and how. */
final class MaskReader {

    /** 128 bits in Base64. */
    private static final int SHORTEST_KEY = 22;

    private final Map<String, Mask> masks = new LinkedHashMap<>();

    private final Values values;

    MaskReader(Values values) {
        this.values = values;
    }

    List<Mask> known() {
        return List.copyOf(masks.values());
    }

    void mask(Yaml.Fields fields) {
        fields.only("name", "column", "table", "detect", "way", "key", "elsewhere");
        Optional<String> name = fields.required("name").map(Yaml.Text::value);
        Optional<Mask.Way> way = Values.choice(fields.required("way"), Values.words(Mask.Way.class));
        Optional<Secret> key = way.filter(Mask.Way::keyed).isPresent() ? key(fields) : Optional.empty();
        Optional<Mask.Elsewhere> elsewhere = fields.has("elsewhere")
                ? Values.choice(fields.text("elsewhere"), Values.words(Mask.Elsewhere.class))
                : Optional.of(Mask.Elsewhere.REFUSE);
        if (fields.has("key") && way.isPresent() && !way.get().keyed()) {
            fields.problem("'key' goes with 'way: hash' and 'way: token' only");
        }
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
                Values.choice(Optional.of(text), Values.words(Mask.Detector.class))
                        .ifPresent(detectors::add);
            }
            selector = Optional.of(new Mask.Selector.Detected(detectors));
        }
        boolean keyed = way.isPresent() && way.get().keyed() == key.isPresent();
        if (name.isPresent() && keyed && selector.isPresent() && elsewhere.isPresent()) {
            Values.unique(
                    fields,
                    "mask",
                    masks.putIfAbsent(
                            name.get(), new Mask(name.get(), selector.get(), way.get(), key, elsewhere.get())),
                    name.get());
        }
    }

    private Optional<Secret> key(Yaml.Fields fields) {
        Optional<Secret> key = values.secret(fields, "key");
        if (values.deployed() && key.isPresent() && key.get().reveal().length() < SHORTEST_KEY) {
            fields.problem("the key has fewer than " + SHORTEST_KEY
                    + " characters, so it could be guessed: make one with `openssl rand -base64 32`");
            return Optional.empty();
        }
        return key;
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
