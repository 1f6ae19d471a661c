package io.countersign.policy;

import dev.cel.runtime.CelEvaluationException;
import io.countersign.api.Command;
import io.countersign.api.Effect;
import io.countersign.api.Identity;
import io.countersign.api.Mask;
import io.countersign.api.Obligation;
import io.countersign.api.Resource;
import io.countersign.policy.Decision.Reason;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.Decision.Terms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Every rule, found by what an effect is, and how their answers become one decision: each effect needs a rule that permits or
 * holds it; refuse wins over hold wins over permit, over all rules that match and over all effects.
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

    /** Answers of {@link #speakingOf} remembered; all are forgotten when there are more. */
    private static final int MOST_ASKED = 10_000;

    /** @param ofTheText whether the command's text was asked for, and not only what it does */
    record Answer(Decision decision, boolean cacheable, boolean ofTheText) {}

    /** A rule that matched, and what it says of the effect. */
    private record Match(Rule rule, Reason reason) {}

    /** What decides which rules speak of an effect. */
    private record Asked(String target, Set<String> duties, String action, Resource resource) {}

    private final ByEffect byEffect;
    private final Map<Asked, List<Rule>> speaking = new ConcurrentHashMap<>();
    private final Duties duties;
    private final List<Rule> rules;
    private final String revision;

    Rulebook(List<Rule> rules, Duties duties, String revision) {
        this.rules = List.copyOf(rules);
        this.byEffect = new ByEffect(rules);
        this.duties = duties;
        this.revision = revision;
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
        if (!duties.of(command, Set.of()).contains(rule.duty())) {
            return Considered.Because.DUTY;
        }
        if (!rule.speaksOf(command.session().target())) {
            return Considered.Because.TARGET;
        }
        List<Match> matches = new ArrayList<>();
        heard(rule, new Facts(command, now), effect, effect.described(), matches);
        return matches.isEmpty()
                ? Considered.Because.CONDITION
                : matches.getFirst().reason().ruling() == rule.ruling()
                        ? Considered.Because.APPLIES
                        : Considered.Because.FAILS;
    }

    Answer judge(Command command, Set<String> elevated, Instant now) {
        Identity origin = command.session().requester().origin();
        Optional<Map.Entry<Separation, String>> conflict = duties.conflict(origin.groups(), elevated);
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
        boolean ofTheText = false;
        Set<String> used = duties.of(command, elevated);
        Facts facts = new Facts(command, now);
        for (Effect effect : command.content().effects()) {
            String described = effect.described();
            List<Match> matches = new ArrayList<>();
            for (Rule rule : speakingOf(effect, command.session().target(), used)) {
                cacheable &= rule.condition().map(Condition::cacheable).orElse(true);
                ofTheText |= rule.condition().map(Condition::ofTheText).orElse(false);
                heard(rule, facts, effect, described, matches);
            }
            lettingThrough.addAll(held(matches));
            Ruling strictest = matches.stream()
                    .map(match -> match.reason.ruling())
                    .max(Comparator.naturalOrder())
                    .orElse(Ruling.REFUSE);
            if (matches.isEmpty()) {
                reasons.add(NONE.reason(described, Ruling.REFUSE, "No rule permits it, so it is refused."));
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
                        ruling == Ruling.REFUSE ? Set.of() : dutiesOf(lettingThrough),
                        revision),
                cacheable,
                ofTheText);
    }

    /**
     * Takes out the rules that would hold what broken glass permits: nobody is asked first then. They come back because
     * their masks still apply.
     */
    private List<Rule> held(List<Match> matches) {
        if (matches.stream().noneMatch(match -> duties.isBreakGlass(match.rule.duty()))) {
            return List.of();
        }
        List<Match> held = matches.stream()
                .filter(match -> match.reason.ruling() == Ruling.HOLD)
                .toList();
        matches.removeAll(held);
        return held.stream().map(Match::rule).toList();
    }

    private static Set<String> dutiesOf(Set<Rule> rules) {
        return rules.stream().map(Rule::duty).collect(Collectors.toUnmodifiableSet());
    }

    /** A refusal of every effect for one reason that no rule gave. */
    private Answer refused(Command command, Separation separation, String witness) {
        List<Reason> reasons = command.content().effects().stream()
                .map(effect -> separation.refusal(effect.described(), witness))
                .toList();
        return new Answer(new Decision(Ruling.REFUSE, reasons, List.of(), List.of(), Set.of(), revision), true, false);
    }

    /** The rules that speak of an effect, conditions aside. What is asked again is found at once, however many rules there are. */
    private List<Rule> speakingOf(Effect effect, String target, Set<String> used) {
        Asked asked = new Asked(target, used, effect.action(), effect.resource());
        List<Rule> known = speaking.get(asked);
        if (known == null) {
            known = byEffect.of(effect)
                    .filter(rule -> used.contains(rule.duty()) && rule.speaksOf(target) && rule.speaksOf(effect))
                    .toList();
            if (speaking.size() >= MOST_ASKED) {
                speaking.clear();
            }
            speaking.put(asked, known);
        }
        return known;
    }

    /** A condition that fails to evaluate refuses: skipping the rule could permit what it would have refused. */
    private static void heard(Rule rule, Facts facts, Effect effect, String described, List<Match> matches) {
        try {
            if (rule.condition().isEmpty() || rule.condition().get().holds(facts, effect)) {
                matches.add(new Match(rule, rule.reason(described, rule.ruling(), rule.words())));
            }
        } catch (CelEvaluationException | RuntimeException e) {
            matches.add(new Match(
                    rule,
                    rule.reason(
                            described,
                            Ruling.REFUSE,
                            "The rule's condition could not be evaluated: " + e.getMessage())));
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
