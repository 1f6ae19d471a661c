package io.countersign.policy;

import io.countersign.policy.Decision.Ruling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What changes from one revision to the next, in words: who gains what, who needs whom. What widens comes first. Whatever
 * is said otherwise in the files and is not wording, order or comment is among the changes.
 */
final class Changes {

    private final Policy.Parts before;
    private final Policy.Parts after;
    private final List<Change> changes = new ArrayList<>();

    private Changes(Policy.Parts before, Policy.Parts after) {
        this.before = before;
        this.after = after;
    }

    static List<Change> between(Policy.Parts before, Policy.Parts after) {
        Changes found = new Changes(before, after);
        found.duties();
        found.elevations();
        found.rules();
        found.approvers();
        found.changes.addAll(PlanChanges.between(before.planning(), after.planning()));
        found.roles();
        found.changes.addAll(FileChanges.between(before.files(), after.files()));
        if (found.changes.isEmpty() && !before.revision().equals(after.revision())) {
            found.changes.add(
                    Change.alters("Only comments, wording or order change: everything is decided as before."));
        }
        found.changes.sort(Comparator.comparing(Change::kind));
        return List.copyOf(found.changes);
    }

    private void duties() {
        for (String duty : names(before.carriers().keySet(), after.carriers().keySet())) {
            Set<String> had = before.carriers().getOrDefault(duty, Set.of());
            Set<String> have = after.carriers().getOrDefault(duty, Set.of());
            for (String group : names(had, have)) {
                if (!had.contains(group)) {
                    String words = "Members of " + group + " gain duty " + duty + ": " + what(duty, after) + ".";
                    changes.add(only(duty, after, Ruling.REFUSE) ? Change.narrows(words) : Change.widens(words));
                } else if (!have.contains(group)) {
                    // With a duty goes also what it held and refused.
                    String words = "Members of " + group + " lose duty " + duty + ": " + what(duty, before) + ".";
                    changes.add(only(duty, before, Ruling.PERMIT) ? Change.narrows(words) : Change.alters(words));
                }
            }
        }
    }

    private void elevations() {
        for (String duty :
                names(before.elevations().keySet(), after.elevations().keySet())) {
            Elevation old = before.elevations().get(duty);
            Elevation now = after.elevations().get(duty);
            if (now == null && old != null) {
                changes.add(Change.alters("Nobody has duty " + duty + " for a time any more: " + words(old) + "."));
            } else if (now != null && old == null) {
                changes.add(Change.widens(
                        "Duty " + duty + " is had for a time: " + words(now) + ": " + what(duty, after) + "."));
            } else if (now != null && old != null && !words(now).equals(words(old))) {
                changes.add(Change.alters(
                        "Duty " + duty + " is had for a time: " + words(now) + ", and was: " + words(old) + "."));
            }
        }
    }

    private static String words(Elevation elevation) {
        String others = elevation.stages().stream()
                .map(stage -> stage instanceof Stage.Automatic automatic
                        ? "the automatic approver " + automatic.name()
                        : stage.quorum() + " of "
                                + RuleWords.sorted(stage.approvers().stream()
                                        .map(ApproverGroup::name)
                                        .collect(Collectors.toSet())))
                .collect(Collectors.joining(", then "));
        String who = "members of " + RuleWords.sorted(elevation.groups());
        String time = elevation.longest().toSeconds() + " s";
        return switch (elevation) {
            case Elevation.BreakGlass glass ->
                who + " take it by breaking the glass for " + time + ", signed in within "
                        + glass.signedInWithin().toSeconds() + " s, reviewed by " + others;
            case Elevation.Grantable grant ->
                who + " have it for " + time + " at the longest, once it is granted by " + others + " within "
                        + grant.within().toSeconds() + " s";
        };
    }

    private static boolean only(String duty, Policy.Parts parts, Ruling ruling) {
        return parts.rules().stream()
                .filter(rule -> rule.duty().equals(duty))
                .allMatch(rule -> rule.ruling() == ruling);
    }

    private static String what(String duty, Policy.Parts parts) {
        return parts.rules().stream()
                .filter(rule -> rule.duty().equals(duty))
                .map(rule -> may(rule) + " " + RuleWords.of(rule))
                .collect(Collectors.joining("; "));
    }

    private static String may(Rule rule) {
        return rule.ruling() == Ruling.REFUSE ? "never" : "may do";
    }

    /** Rules of duties that are new or gone are told with their duty. */
    private void rules() {
        Map<String, Rule> had = byName(before.rules());
        Map<String, Rule> have = byName(after.rules());
        for (String name : names(had.keySet(), have.keySet())) {
            Rule old = had.get(name);
            Rule now = have.get(name);
            if (now == null && old != null) {
                if (after.carriers().containsKey(old.duty())) {
                    goes(old);
                }
            } else if (old == null && now != null) {
                if (before.carriers().containsKey(now.duty())) {
                    comes(now);
                }
            } else if (old != null && now != null) {
                Set<String> who = after.carriers().getOrDefault(now.duty(), Set.of());
                changes.addAll(RuleChanges.between(old, now, who));
            }
        }
    }

    private void comes(Rule rule) {
        String who = "Members of " + RuleWords.sorted(after.carriers().getOrDefault(rule.duty(), Set.of()));
        String by = " (new rule " + rule.name() + ")";
        switch (rule.ruling()) {
            case PERMIT, HOLD -> changes.add(Change.widens(who + " may do " + RuleWords.of(rule) + by + "."));
            case REFUSE -> changes.add(Change.narrows(who + " may never do " + RuleWords.of(rule) + by + "."));
        }
    }

    private void goes(Rule rule) {
        String who = "Members of " + RuleWords.sorted(before.carriers().getOrDefault(rule.duty(), Set.of()));
        String by = ": rule " + rule.name() + " is gone";
        switch (rule.ruling()) {
            case PERMIT ->
                changes.add(Change.narrows(who + " may not do " + RuleWords.of(rule) + " any more" + by + "."));
            // Where another rule permits the same, this was all that held it.
            case HOLD ->
                changes.add(Change.alters("Nothing holds " + RuleWords.effects(rule) + " on " + RuleWords.targets(rule)
                        + " of members of " + RuleWords.sorted(before.carriers().getOrDefault(rule.duty(), Set.of()))
                        + by + "; other rules decide it."));
            case REFUSE -> changes.add(Change.widens(who + " are no longer refused " + RuleWords.of(rule) + by + "."));
        }
    }

    private void approvers() {
        Map<String, ApproverGroup> had = by(before.approvers(), ApproverGroup::name);
        Map<String, ApproverGroup> have = by(after.approvers(), ApproverGroup::name);
        for (String name : names(had.keySet(), have.keySet())) {
            ApproverGroup old = had.getOrDefault(name, ApproverGroup.of(name, Set.of()));
            ApproverGroup now = have.getOrDefault(name, ApproverGroup.of(name, Set.of()));
            for (String group : names(old.groups(), now.groups())) {
                if (!old.groups().contains(group)) {
                    changes.add(Change.widens("Members of " + group + " may countersign as " + name + "."));
                } else if (!now.groups().contains(group)) {
                    changes.add(
                            Change.narrows("Members of " + group + " may not countersign as " + name + " any more."));
                }
            }
            if (!old.hours().equals(now.hours())) {
                changes.add(Change.alters(name + " countersign "
                        + now.hours().map(ApproverGroup.Hours::described).orElse("at any time") + ", and did "
                        + old.hours().map(ApproverGroup.Hours::described).orElse("at any time") + "."));
            }
            if (!old.mostPending().equals(now.mostPending())) {
                changes.add(Change.alters("The most requests that one of " + name + " may have approved while they wait"
                        + " for others is another: "
                        + (now.mostPending().isPresent() ? now.mostPending().getAsInt() : "no limit") + "."));
            }
        }
    }

    private void roles() {
        for (Role role : Role.values()) {
            Set<String> had = before.roles().getOrDefault(role, Set.of());
            Set<String> have = after.roles().getOrDefault(role, Set.of());
            String name = role.name().toLowerCase(Locale.ROOT);
            for (String group : names(had, have)) {
                if (!had.contains(group)) {
                    changes.add(Change.widens("Members of " + group + " get the role " + name + "."));
                } else if (!have.contains(group)) {
                    changes.add(Change.narrows("Members of " + group + " lose the role " + name + "."));
                }
            }
        }
    }

    private static Map<String, Rule> byName(List<Rule> rules) {
        return by(rules, Rule::name);
    }

    private static <T> Map<String, T> by(List<T> all, Function<T, String> name) {
        Map<String, T> map = new LinkedHashMap<>();
        all.forEach(each -> map.put(name.apply(each), each));
        return map;
    }

    /** Those of both, sorted. */
    static Set<String> names(Collection<String> one, Collection<String> other) {
        Set<String> names = new TreeSet<>(one);
        names.addAll(other);
        return names;
    }
}
