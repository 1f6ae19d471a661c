package io.countersign.postgres.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.countersign.api.Effect;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * {@code countersign effects postgres}: says for each statement what it would do, for authors of policies and for tests. One
 * JSON object a line in ({@code {"sql": "…"}}), one a line out.
 */
public final class EffectsCommand {

    /** Six bytes of JSON for each byte of the longest text, and a little around it. */
    private static final int LONGEST_LINE = 6 * StatementReader.LONGEST + 1_024;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(10)
                    .maxStringLength(LONGEST_LINE)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final StatementReader reader = new StatementReader();

    private EffectsCommand() {}

    public static void main(String[] args) throws IOException {
        int status = run(System.in, System.out);
        if (status != 0) {
            System.exit(status);
        }
    }

    /**
     * Answers every line until the input ends.
     *
     * @return 0, or 1 if the output could not be written
     */
    public static int run(InputStream in, PrintStream out) throws IOException {
        EffectsCommand command = new EffectsCommand();
        BufferedInputStream lines = new BufferedInputStream(in);
        while (true) {
            Optional<byte[]> line = line(lines);
            if (line.isEmpty()) {
                return out.checkError() ? 1 : 0;
            }
            out.writeBytes((command.answer(line.get()) + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    private String answer(byte[] line) throws IOException {
        if (line.length > LONGEST_LINE) {
            return error("the line is longer than " + LONGEST_LINE + " bytes, the most that is read");
        }
        try {
            return statements(reader.read(sql(line)));
        } catch (NotUnderstood | IOException e) {
            return error(
                    e instanceof NotUnderstood ? String.valueOf(e.getMessage()) : "not a JSON object with \"sql\"");
        }
    }

    private static String sql(byte[] line) throws IOException, NotUnderstood {
        String sql = null;
        try (JsonParser parser = JSON.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new NotUnderstood("not a JSON object with \"sql\"");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("sql") && value == JsonToken.VALUE_STRING) {
                    sql = parser.getText();
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null || sql == null) {
                throw new NotUnderstood("not a JSON object with \"sql\"");
            }
        }
        return sql;
    }

    private static String statements(Statements statements) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeArrayFieldStart("statements");
            for (Statement statement : statements.statements()) {
                json.writeStartObject();
                json.writeStringField("kind", statement.kind());
                json.writeArrayFieldStart("effects");
                for (Effect effect : statement.effects()) {
                    json.writeStartObject();
                    json.writeStringField("action", effect.action());
                    names(json, "object", effect.resource().path());
                    json.writeEndObject();
                }
                json.writeEndArray();
                json.writeArrayFieldStart("functions");
                for (List<String> function : statement.functions()) {
                    array(json, function);
                }
                json.writeEndArray();
                names(json, "flags", statement.flags().stream().sorted().toList());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static String error(String message) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("error", message);
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void names(JsonGenerator json, String field, Collection<String> names) throws IOException {
        json.writeFieldName(field);
        array(json, names);
    }

    private static void array(JsonGenerator json, Collection<String> names) throws IOException {
        json.writeStartArray();
        for (String name : names) {
            json.writeString(name);
        }
        json.writeEndArray();
    }

    /** The next line without its end; one byte more than allowed stands for a longer one, whose rest is skipped. */
    private static Optional<byte[]> line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return Optional.empty();
        }
        while (next >= 0 && next != '\n') {
            if (line.size() <= LONGEST_LINE) {
                line.write(next);
            }
            next = in.read();
        }
        return Optional.of(line.toByteArray());
    }
}
