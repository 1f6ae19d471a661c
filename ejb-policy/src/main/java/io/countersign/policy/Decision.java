package io.countersign.policy;

import io.countersign.api.Obligation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The decision point's answer, with its reasons: explanation comes free.
 *
 * @param ruling      what happens to the command as a whole: the strictest over all its effects
 * @param reasons     for each effect the rules that decided it; never empty
 * @param obligations what the connector must do where the command is permitted, at once or later
 * @param terms       who must countersign; present exactly where the ruling is {@link Ruling#HOLD}
 * @param duties      whose rules let it through; empty where it is refused
 * @param revision    the policy revision that decided: a content hash of the folder
 */
public record Decision(
        Ruling ruling,
        List<Reason> reasons,
        List<Obligation> obligations,
        List<Terms> terms,
        Set<String> duties,
        String revision) {

    public Decision {
        reasons = List.copyOf(reasons);
        obligations = List.copyOf(obligations);
        terms = List.copyOf(terms);
        duties = Set.copyOf(duties);
        if (reasons.isEmpty()) {
            throw new IllegalArgumentException("a decision without a reason explains nothing");
        }
        if (terms.isEmpty() == (ruling == Ruling.HOLD)) {
            throw new IllegalArgumentException("exactly a hold has terms");
        }
    }

    /** Strictest last: where several rules speak, the greatest wins. */
    public enum Ruling {
        PERMIT,
        HOLD,
        REFUSE
    }

    /**
     * Why one effect is ruled as it is.
     *
     * @param effect as people read it
     * @param rule   the rule's name; empty where no rule matched and the default refused
     * @param file   its file in the policy folder, and {@code line}, from 1; empty and 0 for the default
     * @param words  the rule's own reason, one sentence
     */
    public record Reason(String effect, Ruling ruling, String rule, String file, int line, String words) {

        /** For people: {@code delete-needs-approval (support.yaml:12)}. */
        public String place() {
            return rule.isEmpty() ? "" : rule + " (" + file + ":" + line + ")";
        }
    }

    /**
     * Under which terms a held command goes on. A command held by several rules needs all of their terms met.
     *
     * @param rule   the rule that holds
     * @param stages what must be met, in this order; persons in at least one of them
     * @param within how long the request waits before it expires
     * @param rerun  how long after its approval a command whose client could not wait may come again and run, once; zero
     *               where the request ends with the session
     * @param inTransaction how long it may wait where that keeps a transaction open at the target, which is rolled back then;
     *               empty where that is no matter
     */
    public record Terms(
            String rule, List<Stage> stages, Duration within, Duration rerun, Optional<Duration> inTransaction) {
        public Terms {
            stages = List.copyOf(stages);
            if (stages.stream().mapToInt(Stage::quorum).sum() < 1) {
                throw new IllegalArgumentException("terms that ask for nobody would hold nothing");
            }
        }

        public Terms(String rule, List<Stage> stages, Duration within) {
            this(rule, stages, within, Duration.ZERO, Optional.empty());
        }

        /** Whose members may countersign, over all stages. */
        public Set<String> groups() {
            return stages.stream()
                    .flatMap(stage -> stage.approvers().stream())
                    .flatMap(approvers -> approvers.groups().stream())
                    .collect(Collectors.toUnmodifiableSet());
        }

        /** How many distinct persons must countersign, over all stages. */
        public int persons() {
            return stages.stream().mapToInt(Stage::quorum).sum();
        }
    }
}
