package io.countersign.plan;

import io.countersign.api.Content;
import io.countersign.api.DelegationChain;
import java.util.List;
import java.util.Optional;

/**
 * A plan as somebody submits it.
 *
 * @param commands in their order, at least one
 */
public record Draft(DelegationChain planner, String protocol, String target, String reason, List<Drafted> commands) {

    /** Commands that a plan may have at most. */
    public static final int MOST_COMMANDS = 200;

    /** Characters (Unicode code points) that a reason may have at most. */
    public static final int LONGEST_REASON = 1_000;

    /** Values that a command may leave open at most. */
    public static final int MOST_PARAMETERS = 100;

    public Draft {
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
        if (commands.isEmpty() || commands.size() > MOST_COMMANDS) {
            return Optional.of("A plan has 1 to " + MOST_COMMANDS + " commands.");
        }
        return commands.stream().anyMatch(each -> each.parameters.size() > MOST_PARAMETERS)
                ? Optional.of("A command leaves at most " + MOST_PARAMETERS + " values open.")
                : Optional.empty();
    }

    /** For people: every command with its number at the beginning of a line, where nothing of a command's own can stand. */
    String described() {
        StringBuilder words = new StringBuilder("plan on " + target + ": " + reason.replace("\n", "\n   "));
        for (int i = 0; i < commands.size(); i++) {
            Drafted command = commands.get(i);
            words.append('\n')
                    .append(i + 1)
                    .append(". ")
                    .append(command.content.text().replace("\n", "\n   "));
            for (int p = 0; p < command.parameters.size(); p++) {
                words.append("\n   $")
                        .append(p + 1)
                        .append(": ")
                        .append(command.parameters.get(p).described());
            }
        }
        return words.toString();
    }
}
