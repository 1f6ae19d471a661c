package io.countersign.core;

import io.countersign.api.Mask.Detector;
import io.countersign.core.Form.Found;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Finds by their form what some detectors recognise, anywhere inside a text. Immutable. */
final class Detectors {

    /** All that ship, read once; to fail here fails every mask that detects, so nothing passes for lack of a rule. */
    static final List<Form> FORMS = FormReader.shipped();

    private final Form[] forms;
    private final Hints hints;

    Detectors(Set<Detector> detectors) {
        this(FORMS.stream()
                .filter(form ->
                        detectors.contains(form.detector()) && form.columns().isEmpty())
                .toList());
    }

    Detectors(List<Form> forms) {
        this.forms = forms.toArray(Form[]::new);
        this.hints = new Hints(List.copyOf(forms));
    }

    /** The names of columns, as patterns, by which a detector knows that what stands in them must be hidden. */
    static List<String> columns(Detector detector) {
        return FORMS.stream()
                .filter(form -> form.detector() == detector)
                .flatMap(form -> form.columns().stream())
                .toList();
    }

    boolean none() {
        return forms.length == 0;
    }

    /** What bytes in UTF-8 could hold, to be asked of {@link #find}: cheap, and 0 only where there is nothing to find. */
    long possible(byte[] utf8, int from, int to) {
        return hints.all(utf8, from, to);
    }

    /** Passes over many values at once: whatever ends at the answer, or before, has nothing to find. */
    int next(byte[] utf8, int from, int to) {
        return hints.next(utf8, from, to);
    }

    /** By their beginning; what several detectors find may overlap. */
    List<Found> find(CharSequence text) {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        return find(text, possible(bytes, 0, bytes.length));
    }

    /** @param possible what {@link #possible} said of this very text */
    List<Found> find(CharSequence text, long possible) {
        if (possible == 0) {
            return List.of();
        }
        List<Found> found = new ArrayList<>();
        for (int i = 0; i < forms.length; i++) {
            if ((possible & 1L << i) != 0) {
                forms[i].find(text, found);
            }
        }
        if (found.size() > 1) {
            found.sort(Comparator.comparingInt(Found::from));
        }
        return found;
    }
}
