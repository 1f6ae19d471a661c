package io.countersign.revision;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.policy.Author;
import io.countersign.policy.Framer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Who brought each rule of a policy into force as it is: author and approvers of every revision that introduced it in its
 * present form, also where it was gone in between.
 */
public final class Origins {

    private Origins() {}

    /**
     * A revision that is or was in force.
     *
     * @param forms     what each of its rules meant, by digest
     * @param approvers whose votes brought it into force
     */
    public record Step(Author author, List<Identity> approvers, Map<String, String> forms) {

        public Step {
            approvers = List.copyOf(approvers);
            forms = Map.copyOf(forms);
        }
    }

    /**
     * @param history every revision that was in force, the first one first
     * @param forms   of the policy in question
     */
    public static Map<String, List<Framer>> of(List<Step> history, Map<String, String> forms) {
        return forms.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, rule -> framers(history, rule.getKey(), rule.getValue())));
    }

    private static List<Framer> framers(List<Step> history, String rule, String form) {
        List<Step> introductions = new ArrayList<>();
        List<Step> inThisForm = new ArrayList<>();
        Map<String, String> before = new HashMap<>();
        for (Step step : history) {
            String here = step.forms().get(rule);
            if (here != null && !here.equals(before.get(rule))) {
                introductions.add(step);
                if (here.equals(form)) {
                    inThisForm.add(step);
                }
            }
            before = step.forms();
        }
        // A form that nobody introduced is one that another release took down differently: then everybody counts.
        return (inThisForm.isEmpty() ? introductions : inThisForm)
                .stream()
                        .flatMap(step -> framers(step, rule).stream())
                        .distinct()
                        .toList();
    }

    private static List<Framer> framers(Step step, String rule) {
        List<Framer> framers = new ArrayList<>();
        if (!(step.author() instanceof Author.Unknown)) {
            framers.add(new Framer(step.author(), rule, false));
        }
        step.approvers()
                .forEach(each -> framers.add(new Framer(new Author.Caller(DelegationChain.of(each)), rule, true)));
        return framers;
    }
}
