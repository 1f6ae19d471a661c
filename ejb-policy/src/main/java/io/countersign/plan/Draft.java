package io.countersign.plan;

import io.countersign.api.Content;
import io.countersign.api.DelegationChain;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A plan as somebody submits it.
 *
 * @param settings what the session that runs it declares of what changes the meaning of commands; names in lower case
 * @param commands in their order, at least one
 */
public record Draft(
        DelegationChain planner,
        String protocol,
        String target,
        String reason,
        SortedMap<String, String> settings,
        List<Drafted> commands) {

    /** Commands that a plan may have at most. */
    public static final int MOST_COMMANDS = 200;

    /** Characters (Unicode code points) that a reason may have at most. */
    public static final int LONGEST_REASON = 1_000;

    /** Values that a command may leave open at most. */
    public static final int MOST_PARAMETERS = 100;

    /** Settings that a plan may have at most, and characters of each. */
    private static final int MOST_SETTINGS = 20;

    private static final int LONGEST_SETTING = 200;

    public Draft {
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        commands = List.copyOf(commands);
    }

    /** @param content what it would do, read outside of any session */
    public record Drafted(Content content, List<OpenParameter> parameters) {

        public Drafted {
            parameters = List.copyOf(parameters);
        }

        Step step() {
            return new Step(
                    content.text(),
                    parameters,
                    content.effects().stream().map(effect -> effect.described()).toList());
        }
    }

    /** What is wrong with it whatever the policy says, one sentence; empty where nothing is. */
    public Optional<String> wrong() {
        if (reason.isEmpty() || reason.codePointCount(0, reason.length()) > LONGEST_REASON) {
            return Optional.of("Say why, in at most " + LONGEST_REASON
                    + " characters: others decide by it, and it is on the record.");
        }
        if (settings.size() > MOST_SETTINGS
                || settings.entrySet().stream()
                        .anyMatch(each -> !each.getKey().matches("[a-z_.]{1,100}")
                                || each.getValue().length() > LONGEST_SETTING)) {
            return Optional.of("A plan has at most " + MOST_SETTINGS
                    + " settings: names of small letters, and values of at most " + LONGEST_SETTING + " characters.");
        }
        if (commands.isEmpty() || commands.size() > MOST_COMMANDS) {
            return Optional.of("A plan has 1 to " + MOST_COMMANDS + " commands.");
        }
        return commands.stream().anyMatch(each -> each.parameters.size() > MOST_PARAMETERS)
                ? Optional.of("A command leaves at most " + MOST_PARAMETERS + " values open.")
                : Optional.empty();
    }

    /** As a connector says them. */
    static String written(SortedMap<String, String> settings) {
        return settings.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(", "));
    }

    /** For people: every command with its number at the beginning of a line, where nothing of a command's own can stand. */
    String described() {
        StringBuilder words = new StringBuilder("plan on " + target + ": " + indented(reason));
        if (!settings.isEmpty()) {
            words.append("\nwith ").append(indented(written(settings)));
        }
        for (int i = 0; i < commands.size(); i++) {
            Drafted command = commands.get(i);
            words.append('\n').append(i + 1).append(". ").append(indented(command.content.text()));
            for (int p = 0; p < command.parameters.size(); p++) {
                words.append("\n   $")
                        .append(p + 1)
                        .append(": ")
                        .append(indented(command.parameters.get(p).described()));
            }
        }
        return words.toString();
    }

    /** Whatever ends a line where it is shown; a page takes a carriage return for one as well. */
    private static String indented(String text) {
        return text.replaceAll("\\R", "$0   ");
    }
}
