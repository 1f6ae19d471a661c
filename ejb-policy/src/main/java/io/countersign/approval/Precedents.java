package io.countersign.approval;

import io.countersign.policy.Decision.Terms;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What was decided before of commands like one that waits: those that a rule of its own held, the likest first. */
public final class Precedents {

    private Precedents() {}

    /**
     * @param decided those that may be like it, newest first
     * @param most    how many to show
     */
    public static List<Standing> of(Standing request, List<Standing> decided, int most) {
        Set<String> rules = rules(request);
        return decided.stream()
                .filter(other -> other.id() != request.id()
                        && (other.state() == State.APPROVED || other.state() == State.REJECTED)
                        && rules(other).stream().anyMatch(rules::contains))
                .sorted(Comparator.comparingInt(other -> -likeness(request.held(), other.held())))
                .limit(most)
                .toList();
    }

    /** The same shape counts most (the same effects on the same target, whatever the values), then the same person. */
    private static int likeness(Held one, Held other) {
        boolean samePerson =
                one.requester().origin().sameAccount(other.requester().origin());
        boolean sameShape = one.target().equals(other.target())
                && new HashSet<>(one.effects()).equals(new HashSet<>(other.effects()));
        return (sameShape ? 2 : 0) + (samePerson ? 1 : 0);
    }

    private static Set<String> rules(Standing request) {
        return request.held().terms().stream().map(Terms::rule).collect(Collectors.toSet());
    }
}
