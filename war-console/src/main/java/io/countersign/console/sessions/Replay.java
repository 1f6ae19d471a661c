package io.countersign.console.sessions;

import io.countersign.api.Answer;
import io.countersign.console.sql.Highlighter;
import io.countersign.console.sql.Token;
import io.countersign.policy.Decision;
import io.countersign.session.boundary.CommandView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a session's commands and its recorded answers together: what was asked, and what came back. Pure functions. */
final class Replay {

    /** Rows of one result that a page shows; the recording by REST has them all. */
    static final int ROWS = 100;

    /** Characters of bulk data that a page shows. */
    static final int DATA = 4_000;

    private Replay() {}

    static List<Step> of(List<CommandView> commands, List<Answer> answers) {
        Map<Long, List<Answer>> byCommand = new HashMap<>();
        for (Answer answer : answers) {
            byCommand
                    .computeIfAbsent(answer.command(), number -> new ArrayList<>())
                    .add(answer);
        }
        return commands.stream()
                .map(command -> new Step(
                        command,
                        Highlighter.highlight(command.statement()),
                        results(byCommand.getOrDefault(command.number(), List.of()))))
                .toList();
    }

    /** A command of several statements has several results; each ends with its tag or its error. */
    static List<Result> results(List<Answer> answers) {
        List<Result> results = new ArrayList<>();
        Gathering now = new Gathering();
        for (Answer answer : answers) {
            switch (answer) {
                case Answer.Asked asked -> {
                    // The question itself stands in the command's record.
                }
                case Answer.Columns columns -> {
                    if (now.hasRows()) {
                        results.add(now.ended(""));
                        now = new Gathering();
                    }
                    now.columns = columns.names();
                }
                case Answer.Row row -> now.row(row.values());
                case Answer.Notice notice -> now.notices.add(notice.text());
                case Answer.Data data -> now.data.append(data.text());
                case Answer.Failed failed -> {
                    results.add(now.failed(failed.code(), failed.text()));
                    now = new Gathering();
                }
                case Answer.Done done -> {
                    results.add(now.ended(done.tag()));
                    now = new Gathering();
                }
            }
        }
        if (now.hasAnything()) {
            results.add(now.ended(""));
        }
        return List.copyOf(results);
    }

    /** One command and its answers. */
    public record Step(CommandView command, List<Token> statement, List<Result> results) {

        /** The reason that settled it: the first with the ruling that the command got as a whole. */
        public Decision.Reason decisive() {
            return command.reasons().stream()
                    .filter(reason -> reason.ruling() == command.ruling())
                    .findFirst()
                    .orElseGet(() -> command.reasons().getFirst());
        }
    }

    /**
     * One answer as a table.
     *
     * @param rows    at most {@link #ROWS}
     * @param hidden  how many rows more there were
     * @param data    bulk data, cut at {@link #DATA} characters
     * @param tag     the target's word at its end, empty where the recording stops before
     * @param code    error code, empty where it did not fail
     * @param failure the error's words
     */
    public record Result(
            List<String> columns,
            List<List<Cell>> rows,
            long hidden,
            List<String> notices,
            String data,
            String tag,
            String code,
            String failure) {}

    /** A value as the client saw it; {@code missing} for SQL NULL. */
    public record Cell(String text, boolean missing) {
        static Cell of(@Nullable String value) {
            return value == null ? new Cell("NULL", true) : new Cell(value, false);
        }
    }

    private static final class Gathering {
        private List<String> columns = List.of();
        private final List<List<Cell>> rows = new ArrayList<>();
        private final List<String> notices = new ArrayList<>();
        private final StringBuilder data = new StringBuilder();
        private long hidden;

        void row(List<@Nullable String> values) {
            if (rows.size() < ROWS) {
                rows.add(values.stream().map(Cell::of).toList());
            } else {
                hidden++;
            }
        }

        boolean hasRows() {
            return !columns.isEmpty();
        }

        boolean hasAnything() {
            return hasRows() || !rows.isEmpty() || !notices.isEmpty() || !data.isEmpty();
        }

        Result ended(String tag) {
            return result(tag, "", "");
        }

        Result failed(String code, String words) {
            return result("", code, words);
        }

        private Result result(String tag, String code, String failure) {
            String shown = data.length() <= DATA ? data.toString() : data.substring(0, DATA) + "…";
            return new Result(columns, List.copyOf(rows), hidden, List.copyOf(notices), shown, tag, code, failure);
        }
    }
}
