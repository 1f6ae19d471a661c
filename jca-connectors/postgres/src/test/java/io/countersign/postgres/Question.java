package io.countersign.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What a well-known program asks a server, from a file in {@code tools}; the file says whence. */
record Question(String program, String place, String text) {

    private static final Pattern GAP = Pattern.compile("\\{([a-z ]+)}");

    static List<Question> of(String program) {
        try (InputStream in = Question.class.getResourceAsStream("tools/" + program + ".sql")) {
            List<Question> questions = new ArrayList<>();
            String[] parts = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("(?m)^--\\? ");
            for (String part : List.of(parts).subList(1, parts.length)) {
                int end = part.indexOf('\n');
                questions.add(new Question(
                        program, part.substring(0, end), part.substring(end + 1).strip()));
            }
            return questions;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With what a program writes into the text itself. */
    String filled(Map<String, String> values) {
        return GAP.matcher(text).replaceAll(gap -> values.get(gap.group(1)));
    }

    /** As a driver that binds values sends it. */
    String bound() {
        return GAP.matcher(text).replaceAll("?");
    }

    /** What the gaps are called, in order. */
    List<String> gaps() {
        return GAP.matcher(text)
                .results()
                .map((MatchResult gap) -> gap.group(1))
                .toList();
    }

    @Override
    public String toString() {
        return program + ", " + place;
    }
}
