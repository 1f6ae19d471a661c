package io.countersign.console.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.policy.Policy.SourceFile;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AChangedFileShowsItsLinesTest {

    @Test
    void whatComesAndWhatGoes() {
        assertThat(shown("a\nb\nc\nd", "a\nx\nc\ny\nd")).isEqualTo(" a|-b|+x| c|+y| d");
        assertThat(shown("", "a\nb")).isEqualTo("+a|+b");
        assertThat(shown("a\nb", "")).isEqualTo("-a|-b");
        assertThat(shown("a\na\nb", "a\nb")).isEqualTo(" a|-a| b");
    }

    @Test
    void farFromChangesNothing() {
        String text = IntStream.range(0, 100).mapToObj(Integer::toString).collect(Collectors.joining("\n"));
        assertThat(shown(text, text.replace("\n50\n", "\nfifty\n")))
                .isEqualTo("…| 47| 48| 49|-50|+fifty| 51| 52| 53|…");
    }

    @Test
    void unchangedFilesComeLastAndWithoutLines() {
        List<FileDiff> files = FileDiff.between(
                List.of(new SourceFile("a.yaml", "same"), new SourceFile("b.yaml", "old")),
                List.of(new SourceFile("a.yaml", "same"), new SourceFile("b.yaml", "new")));
        assertThat(files).extracting(FileDiff::name).containsExactly("b.yaml", "a.yaml");
        assertThat(files.getLast().lines()).isEmpty();
    }

    private static String shown(String before, String after) {
        return FileDiff.between(List.of(new SourceFile("a.yaml", before)), List.of(new SourceFile("a.yaml", after)))
                .getFirst()
                .lines()
                .stream()
                .map(line -> line.sign() + line.text())
                .collect(Collectors.joining("|"));
    }
}
