package io.countersign.policy;

import io.countersign.api.Identity;
import io.countersign.api.Mask;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.Decision.Terms;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a policy may say and its authors probably do not mean: rules that never decide, masks and approver groups that
 * nothing names, and, where accounts are known, duties that nobody carries and holds that nobody could approve. It warns
 * only of what is certain.
 */
final class Lint {

    private final Policy.Parts parts;
    private final List<Identity> accounts;

    /** @param accounts everybody there is, as far as known; empty where nobody is */
    Lint(Policy.Parts parts, List<Identity> accounts) {
        this.parts = parts;
        this.accounts = accounts;
    }

    List<Problem> warnings() {
        List<Problem> warnings = new ArrayList<>();
        parts.ofObjects().forEach(separation -> {
            if (separation.sides().stream()
                    .anyMatch(side -> side.stream()
                            .noneMatch(effect -> parts.rules().stream()
                                    .anyMatch(rule -> rule.effects().stream()
                                            .anyMatch(other -> effect.action().equals(other.action())
                                                    || !effect.namesAction()
                                                    || !other.namesAction()))))) {
                warnings.add(new Problem(
                        separation.file(),
                        separation.line(),
                        1,
                        "separation " + separation.name()
                                + " keeps nothing apart: no rule speaks of the actions of one of its sides"));
            }
        });
        parts.rules().forEach(rule -> overruled(rule, warnings));
        unused(warnings);
        readers(warnings);
        if (!accounts.isEmpty()) {
            duties(warnings);
            parts.elevations().forEach((duty, elevation) -> reviewers(duty, elevation, warnings));
            parts.rules().forEach(rule -> rule.terms().ifPresent(terms -> people(rule, terms, warnings)));
        }
        return warnings;
    }

    /** A rule that something stricter always overrules, whoever asks and whatever its condition says. */
    private void overruled(Rule rule, List<Problem> warnings) {
        parts.rules().stream()
                .filter(other -> other != rule
                        && other.condition().isEmpty()
                        && other.ruling().compareTo(rule.ruling()) > 0
                        && !parts.elevations().containsKey(other.duty())
                        && (other.ruling() == Ruling.REFUSE
                                || !(parts.elevations().get(rule.duty()) instanceof Elevation.BreakGlass))
                        && (other.ruling() == Ruling.REFUSE
                                || rule.masks().isEmpty() && rule.limitRows().isEmpty())
                        && carriers(other).containsAll(carriers(rule))
                        && rule.targets().stream()
                                .allMatch(target ->
                                        other.targets().stream().anyMatch(wide -> EffectPattern.covers(wide, target)))
                        && rule.effects().stream()
                                .allMatch(effect -> other.effects().stream().anyMatch(wide -> wide.covers(effect))))
                .findFirst()
                .ifPresent(other -> warn(
                        rule,
                        "rule " + rule.name() + " never decides anything: " + other.name() + " (" + other.file() + ":"
                                + other.line() + ") always "
                                + (other.ruling() == Ruling.REFUSE ? "refuses" : "holds") + " it",
                        warnings));
    }

    private void unused(List<Problem> warnings) {
        Set<Mask> masks =
                parts.rules().stream().flatMap(rule -> rule.masks().stream()).collect(Collectors.toSet());
        parts.masks().stream()
                .filter(mask -> !masks.contains(mask))
                .forEach(mask -> warnings.add(
                        new Problem("", 0, 0, "mask " + mask.name() + " hides nothing: no duty and no rule names it")));
        parts.masks().stream()
                .filter(mask -> masks.contains(mask)
                        && mask.selector() instanceof Mask.Selector.Column column
                        && parts.rules().stream()
                                .filter(rule -> rule.masks().contains(mask))
                                .flatMap(rule -> rule.effects().stream())
                                .noneMatch(effect -> effect.maySpeakOf("table", new Glob(column.table()))))
                .forEach(mask -> warnings.add(new Problem(
                        "",
                        0,
                        0,
                        "mask " + mask.name() + " hides nothing: no rule that has it speaks of such a table")));
        Set<ApproverGroup> groups = approvers().collect(Collectors.toSet());
        parts.approvers().stream()
                .filter(group -> !groups.contains(group))
                .forEach(group -> warnings.add(new Problem(
                        "", 0, 0, "approver group " + group.name() + " approves nothing: no rule names it")));
    }

    private Stream<ApproverGroup> approvers() {
        return Stream.concat(
                        parts.rules().stream()
                                .flatMap(rule -> rule.terms().stream())
                                .flatMap(terms -> terms.stages().stream()),
                        Stream.concat(
                                parts.elevations().values().stream().flatMap(elevation -> elevation.stages().stream()),
                                parts.planning().stream().flatMap(plans -> plans.stages().stream())))
                .flatMap(stage -> stage.approvers().stream());
    }

    /** Approvers whom the console would not show what they are to decide. */
    private void readers(List<Problem> warnings) {
        Set<String> reading = Stream.of(Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR)
                .flatMap(role -> parts.roles().getOrDefault(role, Set.of()).stream())
                .collect(Collectors.toSet());
        approvers()
                .distinct()
                .forEach(group -> group.groups().stream()
                        .filter(each -> !reading.contains(each))
                        .sorted()
                        .forEach(each -> warnings.add(new Problem(
                                "",
                                0,
                                0,
                                "members of " + each + " may countersign (approver group " + group.name()
                                        + "), but have no role that lets them read requests"))));
    }

    private void duties(List<Problem> warnings) {
        parts.carriers().forEach((duty, groups) -> {
            if (!groups.isEmpty()
                    && accounts.stream().noneMatch(account -> !Collections.disjoint(account.groups(), groups))) {
                warnings.add(new Problem("", 0, 0, "nobody carries duty " + duty));
            }
        });
    }

    /** Whether a duty could be granted at all, or its use reviewed, by others than each of those who may have it. */
    private void reviewers(String duty, Elevation elevation, List<Problem> warnings) {
        Set<String> groups = elevation.stages().stream()
                .flatMap(stage -> groups(stage.approvers()).stream())
                .collect(Collectors.toSet());
        int needed = elevation.stages().stream().mapToInt(Stage::quorum).sum();
        for (Identity asking : members(elevation.groups())) {
            int others = persons(members(groups).stream()
                    .filter(other -> parts.people().same(asking, other).isEmpty())
                    .toList());
            if (others < needed) {
                warnings.add(new Problem(
                        elevation.file(),
                        elevation.line(),
                        1,
                        "duty " + duty + " needs " + needed + " others where " + asking.name()
                                + " has it for a time, and there are only " + others));
                return;
            }
        }
    }

    /** Whether a request could be approved at all, and by others than each of those who may ask. */
    private void people(Rule rule, Terms terms, List<Problem> warnings) {
        for (Stage stage : terms.stages()) {
            Set<String> groups = groups(stage.approvers());
            int there = persons(members(groups));
            if (there < stage.quorum()) {
                warn(
                        rule,
                        "rule " + rule.name() + " needs " + stage.quorum() + " of "
                                + String.join(", ", groups.stream().sorted().toList()) + ", who are only " + there
                                + ": what it holds could never be approved",
                        warnings);
                return;
            }
        }
        for (Identity asking : members(carriers(rule))) {
            List<Identity> others = members(terms.groups()).stream()
                    .filter(other -> parts.people().same(asking, other).isEmpty())
                    .toList();
            if (persons(others) < terms.persons()) {
                warn(
                        rule,
                        "what rule " + rule.name() + " holds for " + asking.name()
                                + " could never be approved: it needs " + terms.persons()
                                + " others, and there are only " + persons(others),
                        warnings);
                return;
            }
        }
    }

    private List<Identity> members(Collection<String> groups) {
        return accounts.stream()
                .filter(account -> account.kind() == Identity.Kind.PERSON
                        && !parts.people().agents().isAgent(account)
                        && !Collections.disjoint(account.groups(), groups))
                .toList();
    }

    private int persons(List<Identity> identities) {
        List<Identity> persons = new ArrayList<>();
        for (Identity each : identities) {
            if (persons.stream()
                    .noneMatch(other -> parts.people().same(other, each).isPresent())) {
                persons.add(each);
            }
        }
        return persons.size();
    }

    private Set<String> carriers(Rule rule) {
        return parts.carriers().getOrDefault(rule.duty(), Set.of());
    }

    private static Set<String> groups(List<ApproverGroup> approvers) {
        return approvers.stream().flatMap(group -> group.groups().stream()).collect(Collectors.toSet());
    }

    private static void warn(Rule rule, String words, List<Problem> warnings) {
        warnings.add(new Problem(rule.file(), rule.line(), 1, words));
    }
}
