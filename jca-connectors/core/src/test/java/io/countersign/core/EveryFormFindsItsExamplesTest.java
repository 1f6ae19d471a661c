package io.countersign.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Mask.Detector;
import java.io.BufferedReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EveryFormFindsItsExamplesTest {

    private static final int LONG = 1 << 20;

    /** So often may each character be read: up to 34 can belong to a number that starts in each short group of them. */
    private static final int READS_A_CHARACTER = 64;

    record Example(Form form, String text) {
        @Override
        public String toString() {
            return form.name() + ": " + text.replace('\n', '|');
        }
    }

    static Stream<Example> shown() {
        return values().flatMap(form -> form.yes().stream().map(text -> new Example(form, text)));
    }

    static Stream<Example> refused() {
        return values().flatMap(form -> form.no().stream().map(text -> new Example(form, text)));
    }

    @ParameterizedTest
    @MethodSource("shown")
    void whatIsMarkedIsFound(Example example) {
        String text = example.text.replace("«", "").replace("»", "");
        assertThat(marked(example.form, text)).isEqualTo(example.text);
    }

    /** Whatever a form finds, the look at its bytes must have announced; so it is asked among all others, too. */
    @ParameterizedTest
    @MethodSource("shown")
    void aFormIsFoundAmongAllOthers(Example example) {
        String text = example.text.replace("«", "").replace("»", "");
        Detectors all = new Detectors(EnumSet.allOf(Detector.class));
        assertThat(all.find(text)).anyMatch(found -> found.detector() == example.form.detector());
        byte[] bytes = ("…" + text).getBytes(StandardCharsets.UTF_8);
        assertThat(all.possible(bytes, 0, bytes.length)).isNotZero();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatOnlyLooksLikeItStays(Example example) {
        assertThat(marked(example.form, example.text)).isEqualTo(example.text);
    }

    @Test
    void columnsAreKnownByTheirNames() {
        Form columns = Detectors.FORMS.stream()
                .filter(form -> !form.columns().isEmpty())
                .findFirst()
                .orElseThrow();
        List<Glob> globs = columns.columns().stream().map(Glob::new).toList();
        assertThat(columns.yes()).allMatch(name -> globs.stream().anyMatch(glob -> glob.matches(name)));
        assertThat(columns.no()).noneMatch(name -> globs.stream().anyMatch(glob -> glob.matches(name)));
    }

    @Test
    void eachDetectorHasAForm() {
        Set<Detector> known = Detectors.FORMS.stream()
                .map(Form::detector)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Detector.class)));
        assertThat(known).containsExactlyInAnyOrder(Detector.values());
    }

    static Stream<Example> hostile() {
        return values().flatMap(form -> Stream.concat(form.yes().stream(), form.no().stream())
                .map(text -> text.replace("«", "").replace("»", ""))
                .flatMap(text -> beginnings(text))
                .distinct()
                .map(text -> new Example(form, text)));
    }

    /** Everything that an example begins with, so that a pattern starts over and over and never ends. */
    private static Stream<String> beginnings(String text) {
        List<String> all = new ArrayList<>();
        for (int end = 1; end <= text.length(); end += 1 + text.length() / 8) {
            all.add(text.substring(0, end));
            all.add(text.substring(0, end) + " ");
            all.add(text.charAt(end - 1) + "");
            all.add(text.charAt(end - 1) + " ");
        }
        all.add(text + ",");
        return all.stream();
    }

    /** What is compared is work, not time: a short text tells how the work grows, a long one that nothing overflows. */
    @Test
    void aLongTextTakesNoMoreWorkThanItsLength() {
        hostile().forEach(example -> {
            String text = example.text.repeat(2_000 / example.text.length() + 1);
            example.form.find(new CountedText(text, (long) READS_A_CHARACTER * text.length()), new ArrayList<>());
        });
        values().forEach(form -> {
            String start = form.yes().getFirst().replace("«", "").replace("»", "");
            for (String part : List.of(start, start.substring(0, start.length() / 2))) {
                String text = part.repeat(LONG / part.length() + 1);
                form.find(new CountedText(text, (long) READS_A_CHARACTER * text.length()), new ArrayList<>());
            }
        });
    }

    @Test
    void aMistakeInTheFileIsToldWithItsLine() {
        assertThatThrownBy(
                        () -> read("form     email\nneeds    @\npattern  x\nyes      x\nno       y\n\nfrom     email"))
                .hasMessageContaining("detectors.txt:7: 'from' is not known");
        assertThatThrownBy(
                        () -> read("form     email\nneeds    @\npattern  x\ncheck    nothing\nyes      x\nno       y"))
                .hasMessageContaining("detectors.txt:7: there is no check named nothing");
        assertThatThrownBy(() -> read("form     email\nneeds    @\npattern  x\nyes      x"))
                .hasMessageContaining("has no example");
    }

    private static List<Form> read(String text) throws Exception {
        return FormReader.read(new BufferedReader(new StringReader(text)));
    }

    private static Stream<Form> values() {
        return Detectors.FORMS.stream().filter(form -> form.columns().isEmpty());
    }

    private static String marked(Form form, String text) {
        StringBuilder marked = new StringBuilder(text);
        new Detectors(List.of(form))
                .find(text)
                .reversed()
                .forEach(found -> marked.insert(found.to(), '»').insert(found.from(), '«'));
        return marked.toString();
    }
}
