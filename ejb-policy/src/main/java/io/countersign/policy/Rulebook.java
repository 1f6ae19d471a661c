package io.countersign.policy;

import dev.cel.runtime.CelEvaluationException;
import io.countersign.api.Command;
import io.countersign.api.Effect;
import io.countersign.api.Identity;
import io.countersign.api.Mask;
import io.countersign.api.Obligation;
import io.countersign.policy.Decision.Reason;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.Decision.Terms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Every rule, found by action, and how their answers become one decision: each effect needs a rule that permits or holds
 * it; refuse wins over hold wins over permit, over all rules that match and over all effects.
 *
 * <p>All rules that match are heard, also when one already refuses: the reasons are complete, and the obligations are those
 * of every rule that lets the command through, so that the strictest masks apply.
 */
final class Rulebook {

    private static final Rule NONE = new Rule(
            "",
            "",
            "",
            0,
            List.of(),
            List.of(),
            Optional.empty(),
            Ruling.REFUSE,
            "",
            Optional.empty(),
            List.of(),
            OptionalLong.empty());

    record Answer(Decision decision, boolean cacheable) {}

    /** A rule that matched, and what it says of the effect. */
    private record Match(Rule rule, Reason reason) {}

    private final Map<String, List<Rule>> byAction = new HashMap<>();
    private final List<Rule> byPattern = new ArrayList<>();
    private final Map<String, Set<String>> carriers;

    /** Who uses a duty without asking: its carriers, but for those who must break the glass first. */
    private final Map<String, Set<String>> standing = new HashMap<>();

    private final Map<String, Elevation> elevations;
    private final List<Rule> rules;
    private final List<Separation> separations;
    private final String revision;

    Rulebook(
            List<Rule> rules,
            Map<String, Set<String>> carriers,
            Map<String, Elevation> elevations,
            List<Separation> separations,
            String revision) {
        this.rules = List.copyOf(rules);
        this.separations = separations;
        this.carriers = carriers;
        this.elevations = elevations;
        standing.putAll(carriers);
        standing.keySet().removeIf(this::isBreakGlass);
        this.revision = revision;
        for (Rule rule : rules) {
            if (rule.effects().stream().allMatch(EffectPattern::namesAction)) {
                rule.effects().stream()
                        .map(EffectPattern::action)
                        .distinct()
                        .forEach(action -> byAction.computeIfAbsent(action, key -> new ArrayList<>())
                                .add(rule));
            } else {
                byPattern.add(rule);
            }
        }
    }

    private boolean isBreakGlass(String duty) {
        return elevations.get(duty) instanceof Elevation.BreakGlass;
    }

    /** The separation that somebody's groups, and what they have for a time, break, with the witness. */
    Optional<Map.Entry<Separation, String>> conflict(Set<String> groups, Set<String> elevated) {
        for (Separation separation : separations) {
            Optional<String> witness = separation.carriedBy(groups, carriers, elevated);
            if (witness.isPresent()) {
                return Optional.of(Map.entry(separation, witness.get()));
            }
        }
        return Optional.empty();
    }

    List<Considered> explain(Command command, Instant now) {
        List<Considered> considered = new ArrayList<>();
        for (Effect effect : command.content().effects()) {
            for (Rule rule : rules) {
                considered.add(new Considered(rule, effect, because(rule, command, effect, now)));
            }
        }
        return considered;
    }

    private Considered.Because because(Rule rule, Command command, Effect effect, Instant now) {
        if (!rule.speaksOf(effect)) {
            return Considered.Because.EFFECT;
        }
        if (!carried(rule, command, Set.of())) {
            return Considered.Because.DUTY;
        }
        if (!rule.speaksOf(command.session().target())) {
            return Considered.Because.TARGET;
        }
        List<Match> matches = new ArrayList<>();
        heard(rule, command, effect, now, matches);
        return matches.isEmpty()
                ? Considered.Because.CONDITION
                : matches.getFirst().reason().ruling() == rule.ruling()
                        ? Considered.Because.APPLIES
                        : Considered.Because.FAILS;
    }

    Answer judge(Command command, Set<String> elevated, Instant now) {
        Identity origin = command.session().requester().origin();
        Optional<Map.Entry<Separation, String>> conflict = conflict(origin.groups(), elevated);
        if (conflict.isPresent()) {
            return refused(
                    command,
                    conflict.get().getKey(),
                    origin.name() + " carries " + conflict.get().getValue() + ".");
        }
        List<Reason> reasons = new ArrayList<>();
        Set<Rule> deciding = new LinkedHashSet<>();
        Set<Rule> lettingThrough = new LinkedHashSet<>();
        Ruling ruling = Ruling.PERMIT;
        boolean cacheable = true;
        for (Effect effect : command.content().effects()) {
            List<Match> matches = new ArrayList<>();
            for (Rule rule : candidates(effect)) {
                if (speaksOf(rule, command, elevated, effect)) {
                    cacheable &= rule.condition().map(Condition::cacheable).orElse(true);
                    heard(rule, command, effect, now, matches);
                }
            }
            lettingThrough.addAll(held(matches));
            Ruling strictest = matches.stream()
                    .map(match -> match.reason.ruling())
                    .max(Comparator.naturalOrder())
                    .orElse(Ruling.REFUSE);
            if (matches.isEmpty()) {
                reasons.add(NONE.reason(effect, Ruling.REFUSE, "No rule permits it, so it is refused."));
            }
            for (Match match : matches) {
                if (match.reason.ruling() == strictest) {
                    reasons.add(match.reason);
                    deciding.add(match.rule);
                }
                lettingThrough.add(match.rule);
            }
            ruling = strictest.compareTo(ruling) > 0 ? strictest : ruling;
        }
        boolean preparing = command.phase() == Command.Phase.PREPARE && ruling == Ruling.HOLD;
        List<Terms> terms = ruling == Ruling.HOLD && !preparing
                ? deciding.stream().flatMap(rule -> rule.terms().stream()).toList()
                : List.of();
        return new Answer(
                new Decision(
                        preparing ? Ruling.PERMIT : ruling,
                        preparing ? onlyPrepared(reasons) : reasons,
                        obligations(lettingThrough),
                        terms,
                        ruling == Ruling.REFUSE ? Set.of() : duties(lettingThrough),
                        revision),
                cacheable);
    }

    /**
     * Takes out the rules that would hold what broken glass permits: nobody is asked first then. They come back because
     * their masks still apply.
     */
    private List<Rule> held(List<Match> matches) {
        if (matches.stream().noneMatch(match -> isBreakGlass(match.rule.duty()))) {
            return List.of();
        }
        List<Match> held = matches.stream()
                .filter(match -> match.reason.ruling() == Ruling.HOLD)
                .toList();
        matches.removeAll(held);
        return held.stream().map(Match::rule).toList();
    }

    private static Set<String> duties(Set<Rule> rules) {
        return rules.stream().map(Rule::duty).collect(Collectors.toUnmodifiableSet());
    }

    /** A refusal of every effect for one reason that no rule gave. */
    private Answer refused(Command command, Separation separation, String witness) {
        List<Reason> reasons = command.content().effects().stream()
                .map(effect -> separation.refusal(effect.described(), witness))
                .toList();
        return new Answer(new Decision(Ruling.REFUSE, reasons, List.of(), List.of(), Set.of(), revision), true);
    }

    private List<Rule> candidates(Effect effect) {
        List<Rule> exact = byAction.getOrDefault(effect.action(), List.of());
        if (byPattern.isEmpty()) {
            return exact;
        }
        List<Rule> all = new ArrayList<>(exact);
        all.addAll(byPattern);
        return all;
    }

    /** The cheap tests first; none of them depends on anything but identity, target and effect. */
    private boolean speaksOf(Rule rule, Command command, Set<String> elevated, Effect effect) {
        return carried(rule, command, elevated)
                && rule.speaksOf(command.session().target())
                && rule.speaksOf(effect);
    }

    private boolean carried(Rule rule, Command command, Set<String> elevated) {
        Set<String> groups = command.session().requester().origin().groups();
        return standing.getOrDefault(rule.duty(), Set.of()).stream().anyMatch(groups::contains)
                || !elevated.isEmpty() && elevated.contains(rule.duty()) && isOpenTo(rule.duty(), groups);
    }

    /** Whoever has left the groups that may have it has lost it, and so has everybody once the policy has it no more. */
    private boolean isOpenTo(String duty, Set<String> groups) {
        Elevation elevation = elevations.get(duty);
        return elevation != null && elevation.isOpenTo(groups);
    }

    /** A condition that fails to evaluate refuses: skipping the rule could permit what it would have refused. */
    private static void heard(Rule rule, Command command, Effect effect, Instant now, List<Match> matches) {
        try {
            if (rule.condition().isEmpty() || rule.condition().get().holds(command, effect, now)) {
                matches.add(new Match(rule, rule.reason(effect, rule.ruling(), rule.words())));
            }
        } catch (CelEvaluationException | RuntimeException e) {
            matches.add(new Match(
                    rule,
                    rule.reason(
                            effect, Ruling.REFUSE, "The rule's condition could not be evaluated: " + e.getMessage())));
        }
    }

    /** Preparing does nothing yet: a hold waits until it is to be run. */
    private static List<Reason> onlyPrepared(List<Reason> reasons) {
        return reasons.stream()
                .map(reason -> reason.ruling() != Ruling.HOLD
                        ? reason
                        : new Reason(
                                reason.effect(),
                                Ruling.PERMIT,
                                reason.rule(),
                                reason.file(),
                                reason.line(),
                                "Only prepared; running it will be held: " + reason.words()))
                .toList();
    }

    private static List<Obligation> obligations(Set<Rule> rules) {
        Set<Mask> masks = new LinkedHashSet<>();
        long rows = Long.MAX_VALUE;
        for (Rule rule : rules) {
            masks.addAll(rule.masks());
            rows = Math.min(rows, rule.limitRows().orElse(Long.MAX_VALUE));
        }
        List<Obligation> obligations = new ArrayList<>();
        if (!masks.isEmpty()) {
            obligations.add(new Obligation.MaskAnswer(List.copyOf(masks)));
        }
        if (rows != Long.MAX_VALUE) {
            obligations.add(new Obligation.LimitRows(rows));
        }
        return obligations;
    }
}
