package io.countersign.core;

import io.countersign.api.Mask.Detector;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code detectors.txt}; what is wrong in it fails whoever needs a detector, with the line's number. */
final class FormReader {

    private static final String FILE = "detectors.txt";

    private static final Set<String> SEVERAL = Set.of("yes", "no");

    private static final Set<String> ONCE = Set.of("form", "about", "needs", "pattern", "check", "columns");

    private FormReader() {}

    static List<Form> shipped() {
        try (InputStream in = FormReader.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is missing beside " + FormReader.class);
            }
            return read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " cannot be read", e);
        }
    }

    static List<Form> read(BufferedReader lines) throws IOException {
        List<Form> forms = new ArrayList<>();
        Map<String, List<String>> block = new HashMap<>();
        int number = 0;
        String line;
        do {
            line = lines.readLine();
            number++;
            try {
                if (line == null || line.isBlank()) {
                    if (!block.isEmpty()) {
                        forms.add(form(block));
                        block.clear();
                    }
                } else if (!line.startsWith("#")) {
                    add(line, block);
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(FILE + ":" + number + ": " + e.getMessage(), e);
            }
        } while (line != null);
        return List.copyOf(forms);
    }

    private static void add(String line, Map<String, List<String>> block) {
        String[] parts = line.split(" +", 2);
        if (parts.length < 2 || !SEVERAL.contains(parts[0]) && !ONCE.contains(parts[0])) {
            throw new IllegalArgumentException("'" + parts[0] + "' is not known here, or stands alone");
        }
        List<String> values = block.computeIfAbsent(parts[0], key -> new ArrayList<>());
        if (!values.isEmpty() && ONCE.contains(parts[0])) {
            throw new IllegalArgumentException("'" + parts[0] + "' stands twice");
        }
        values.add(parts[1]);
    }

    private static Form form(Map<String, List<String>> block) {
        String name = one(block, "form");
        String detector = name.split("/", 2)[0];
        String pattern = one(block, "pattern");
        String check = one(block, "check");
        return new Form(
                name,
                Detector.valueOf(detector.toUpperCase(Locale.ROOT).replace('-', '_')),
                words(one(block, "needs").replace("digits ", "digits:").replace("colons ", "colons:")),
                pattern.isEmpty() ? null : Pattern.compile(pattern),
                check.isEmpty() ? Check.WHOLE : Check.named(check),
                words(one(block, "columns")),
                examples(block, "yes"),
                examples(block, "no"));
    }

    private static String one(Map<String, List<String>> block, String key) {
        return String.join("", block.getOrDefault(key, List.of()));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" +"));
    }

    private static List<String> examples(Map<String, List<String>> block, String key) {
        return block.getOrDefault(key, List.of()).stream()
                .map(example -> example.replace("¦", "").replace("\\n", "\n"))
                .toList();
    }
}
