package io.countersign.plan;

import io.countersign.api.Bind;
import io.countersign.api.Command;
import io.countersign.api.Digest;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One command of a plan, as it was approved.
 *
 * @param text       the exact text that runs
 * @param parameters what its values may be, {@code $1} first; none where nothing is left open
 * @param effects    what it would do, as people read it
 */
public record Step(String text, List<OpenParameter> parameters, List<String> effects) {

    public Step {
        parameters = List.copyOf(parameters);
        effects = List.copyOf(effects);
    }

    /** Why a command is not this one, one sentence without its end; empty where it is. */
    Optional<String> refusal(Command command) {
        if (!command.content().digest().equals(Digest.of(text.getBytes(StandardCharsets.UTF_8)))) {
            return Optional.of("its text is another, and must be byte for byte: " + text);
        }
        Set<String> now = new HashSet<>();
        command.content().effects().forEach(effect -> now.add(effect.described()));
        if (!now.equals(Set.copyOf(effects))) {
            return Optional.of("in this session it would do something else than was approved: "
                    + String.join(", ", now.stream().sorted().toList()) + " instead of "
                    + String.join(", ", effects.stream().sorted().toList()));
        }
        return command.phase() == Command.Phase.PREPARE ? Optional.empty() : outside(command.binds());
    }

    private Optional<String> outside(List<Bind> binds) {
        if (binds.size() != parameters.size()) {
            return Optional.of("it has " + binds.size() + " bound values, and must have " + parameters.size());
        }
        for (int i = 0; i < binds.size(); i++) {
            int number = i + 1;
            Optional<String> refusal = parameters.get(i).refusal(binds.get(i));
            if (refusal.isPresent()) {
                return refusal.map(why -> "the value of $" + number + " " + why);
            }
        }
        return Optional.empty();
    }
}
