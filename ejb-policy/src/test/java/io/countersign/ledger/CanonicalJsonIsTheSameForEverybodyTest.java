package io.countersign.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonIsTheSameForEverybodyTest {

    private static final Instant AT = Instant.parse("2026-03-01T09:05:07.000042999Z");

    @Test
    void typeAndTimeComeFirstAndKeysKeepTheirOrder() {
        assertThat(written(json -> json.number("z", -7).flag("a", true).text("none", null)))
                .isEqualTo("{\"type\":\"t\",\"at\":\"2026-03-01T09:05:07.000042Z\",\"z\":-7,\"a\":true,\"none\":null}");
    }

    @Test
    void listsMapsAndObjectsNestWithoutSpaces() {
        assertThat(written(json -> json.texts("none", List.of())
                        .texts("some", List.of("x", "y"))
                        .texts("state", new TreeMap<>(Map.of("role", "app", "path", "public")).descendingMap())
                        .objects(
                                "links",
                                List.of(1, 2),
                                (inner, n) -> inner.number("n", n).texts("g", List.of()))
                        .object("empty", inner -> {})
                        .number("last", 0)))
                .endsWith("\"none\":[],\"some\":[\"x\",\"y\"],\"state\":{\"path\":\"public\",\"role\":\"app\"},"
                        + "\"links\":[{\"n\":1,\"g\":[]},{\"n\":2,\"g\":[]}],\"empty\":{},\"last\":0}");
    }

    @Test
    void whatIsWrittenAgainIsTheSame() {
        JsonWriter.ElementWriter<List<String>> fields =
                (json, texts) -> json.texts("texts", texts).number("how many", texts.size());
        List<String> two = List.of("a", "\u00fc");
        List<String> long1 = List.of("x".repeat(10_000));
        String plain = written(json -> {
            fields.write(json.flag("first", true), two);
            fields.write(json, long1);
            json.flag("last", true);
        });
        for (int i = 0; i < 3; i++) {
            assertThat(written(json -> json.flag("first", true)
                            .same(two, fields)
                            .same(long1, fields)
                            .flag("last", true)))
                    .isEqualTo(plain);
        }
        assertThat(written(json -> json.flag("first", true).same(List.of("a", "\u00fc", "c"), fields)))
                .endsWith("\"how many\":3}");
        assertThat(written(json -> json.flag("first", true).same(two, (one, texts) -> one.texts("other", texts))))
                .endsWith("\"other\":[\"a\",\"\u00fc\"]}");
    }

    @Test
    void keptFieldsNeverBeginAnObject() {
        assertThatThrownBy(() -> JsonWriter.document(json -> json.same("a", (one, text) -> one.text("text", text))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void howeverManyPartsAreWrittenEachIsItsOwn() {
        JsonWriter.ElementWriter<String> field = (json, text) -> json.text("text", text);
        for (int i = 0; i < 1_000; i++) {
            String text = "number " + i;
            for (int again = 0; again < 2; again++) {
                assertThat(written(json -> json.flag("f", true).same(text, field)))
                        .endsWith("\"text\":\"number " + i + "\"}");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1970-01-01T00:00:00Z | 1970-01-01T00:00:00.000000Z",
                "1969-12-31T23:59:59.999999999Z | 1969-12-31T23:59:59.999999Z",
                "2024-02-29T23:59:59.5Z | 2024-02-29T23:59:59.500000Z",
                "9999-12-31T00:00:00Z | 9999-12-31T00:00:00.000000Z",
            })
    void timesHaveSixDecimals(Instant time, String text) {
        assertThat(written(json -> json.time("t", time))).endsWith("\"t\":\"" + text + "\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "quote\" back\\ slash/",
                "tab\t line\n\r\f\b nul\u0000 unit\u001f del\u007f",
                "é ß ü",
                "漢字",
                "😀 and 𝄞",
                "\u2028\uffff"
            })
    void whateverIsWrittenReadsBackAsItWas(String text) throws Exception {
        JsonNode read = new ObjectMapper().readTree(written(json -> json.text("text", text)));
        assertThat(read.get("text").asText()).isEqualTo(text);
    }

    @Test
    void halfASurrogatePairIsEscapedBecauseItHasNoUtf8Form() {
        assertThat(written(json -> json.text("t", "a\ud83d"))).endsWith("\"a\\ud83d\"}");
        assertThat(written(json -> json.text("t", "\ude00b"))).endsWith("\"\\ude00b\"}");
    }

    @Test
    void longTextsOfTheWidestCharactersFit() throws Exception {
        for (String unit : List.of("x", "\u0001", "漢", "😀", "\ud800")) {
            String text = unit.repeat(100_001);
            JsonNode read = new ObjectMapper().readTree(written(json -> json.text("t", text)));
            assertThat(read.get("t").asText()).hasSize(text.length()).isEqualTo(text);
        }
    }

    private static String written(Consumer<JsonWriter> fields) {
        return new String(Entry.of("t", AT, fields).json(), StandardCharsets.UTF_8);
    }
}
