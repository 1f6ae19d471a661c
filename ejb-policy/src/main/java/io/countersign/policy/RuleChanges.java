package io.countersign.policy;

import io.countersign.api.Identity;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.Decision.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What changes where a rule says something else than the one of the same name before, in words. */
final class RuleChanges {

    private final Rule old;
    private final Rule now;

    /** How sentences about it begin. */
    private final String rule;

    private final List<Change> changes = new ArrayList<>();

    private RuleChanges(Rule old, Rule now, Set<String> groups) {
        this.old = old;
        this.now = now;
        this.rule = "Rule " + now.name() + " (" + RuleWords.sorted(groups) + ")";
    }

    /** @param groups whose members carry the rule's duty from now on */
    static List<Change> between(Rule old, Rule now, Set<String> groups) {
        RuleChanges found = new RuleChanges(old, now, groups);
        found.all();
        return found.changes;
    }

    private void all() {
        if (!old.duty().equals(now.duty())) {
            changes.add(Change.alters(rule + " belongs to duty " + now.duty() + " instead of " + old.duty() + "."));
        }
        if (old.ruling() != now.ruling()) {
            Function<String, Change> kind = now.ruling().compareTo(old.ruling()) < 0 ? Change::widens : Change::narrows;
            changes.add(kind.apply(rule + " " + word(now.ruling()) + " what it " + past(old.ruling()) + ": "
                    + RuleWords.of(now) + "."));
        } else {
            now.terms().ifPresent(terms -> old.terms().ifPresent(was -> terms(was, terms)));
        }
        scope("effects", RuleWords::effects, EffectPattern::described, Rule::effects);
        scope("targets", RuleWords::targets, Glob::pattern, Rule::targets);
        condition();
        masks();
        rows();
    }

    private void condition() {
        String was = old.condition().map(Condition::text).orElse("");
        String is = now.condition().map(Condition::text).orElse("");
        if (!was.equals(is)) {
            changes.add(Change.alters(rule + " applies " + (is.isEmpty() ? "always" : "where " + is) + ", and did so "
                    + (was.isEmpty() ? "always" : "where " + was) + "."));
        }
    }

    private void rows() {
        if (!old.limitRows().equals(now.limitRows())) {
            boolean less =
                    now.limitRows().orElse(Long.MAX_VALUE) < old.limitRows().orElse(Long.MAX_VALUE);
            String limit = rule + " lets "
                    + (now.limitRows().isPresent() ? now.limitRows().getAsLong() : "any number of")
                    + " rows through, and let "
                    + (old.limitRows().isPresent() ? old.limitRows().getAsLong() : "any number of") + ".";
            changes.add(less ? Change.narrows(limit) : Change.widens(limit));
        }
    }

    private void terms(Terms was, Terms is) {
        if (!was.stages().equals(is.stages())) {
            String words =
                    rule + " waits until " + RuleWords.terms(is) + ", and waited until " + RuleWords.terms(was) + ".";
            changes.add(
                    is.persons() < was.persons()
                                    || !was.groups().containsAll(is.groups())
                                    || !automatic(is).containsAll(automatic(was))
                            ? Change.widens(words)
                            : is.persons() > was.persons()
                                            || automatic(is).size()
                                                    > automatic(was).size()
                                    ? Change.narrows(words)
                                    : Change.alters(words));
        }
        if (!was.rerun().equals(is.rerun())) {
            String words = rule + " lets a command come again within "
                    + is.rerun().toSeconds() + " s after its client has gone, and did within "
                    + was.rerun().toSeconds() + " s.";
            changes.add(is.rerun().compareTo(was.rerun()) > 0 ? Change.widens(words) : Change.narrows(words));
        }
        if (!was.within().equals(is.within())) {
            changes.add(Change.alters(rule + " waits " + is.within().toSeconds() + " s for them, and waited "
                    + was.within().toSeconds() + " s."));
        }
        if (!was.inTransaction().equals(is.inTransaction())) {
            changes.add(Change.alters(rule + " lets what waits keep a transaction open "
                    + RuleWords.bound(is.inTransaction()) + ", and did so " + RuleWords.bound(was.inTransaction())
                    + "."));
        }
    }

    /** Which automatic approvers must agree, and where they are asked. */
    private static Set<Identity> automatic(Terms terms) {
        return terms.stages().stream()
                .filter(Stage.Automatic.class::isInstance)
                .map(stage -> ((Stage.Automatic) stage).identity())
                .collect(Collectors.toSet());
    }

    /** More effects or targets widen a rule that lets through, and narrow by one that refuses. */
    private <T> void scope(
            String what, Function<Rule, String> all, Function<T, String> name, Function<Rule, List<T>> of) {
        Set<String> had = of.apply(old).stream().map(name).collect(Collectors.toCollection(TreeSet::new));
        Set<String> have = of.apply(now).stream().map(name).collect(Collectors.toCollection(TreeSet::new));
        Set<String> more = new TreeSet<>(have);
        more.removeAll(had);
        Set<String> fewer = new TreeSet<>(had);
        fewer.removeAll(have);
        boolean lets = now.ruling() == Ruling.PERMIT;
        String of2 = rule + " " + word(now.ruling()) + " ";
        if (!more.isEmpty()) {
            String words = of2 + "more " + what + ": " + String.join(", ", more) + ".";
            changes.add(now.ruling() == Ruling.REFUSE ? Change.narrows(words) : Change.widens(words));
        }
        if (!fewer.isEmpty()) {
            String words =
                    of2 + "fewer " + what + ": no more " + String.join(", ", fewer) + "; still " + all.apply(now) + ".";
            changes.add(
                    lets
                            ? Change.narrows(words)
                            : now.ruling() == Ruling.REFUSE ? Change.widens(words) : Change.alters(words));
        }
    }

    private void masks() {
        Set<String> had = old.masks().stream().map(mask -> mask.name()).collect(Collectors.toCollection(TreeSet::new));
        Set<String> have = now.masks().stream().map(mask -> mask.name()).collect(Collectors.toCollection(TreeSet::new));
        for (String mask : Changes.names(had, have)) {
            if (!have.contains(mask)) {
                changes.add(Change.widens(rule + " is not masked by " + mask + " any more."));
            } else if (!had.contains(mask)) {
                changes.add(Change.narrows(rule + " is masked by " + mask + "."));
            }
        }
    }

    private static String word(Ruling ruling) {
        return switch (ruling) {
            case PERMIT -> "permits";
            case HOLD -> "holds";
            case REFUSE -> "refuses";
        };
    }

    private static String past(Ruling ruling) {
        return switch (ruling) {
            case PERMIT -> "permitted";
            case HOLD -> "held";
            case REFUSE -> "refused";
        };
    }
}
