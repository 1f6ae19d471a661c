package io.countersign.plan;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.approval.Account;
import io.countersign.approval.Ballot;
import io.countersign.approval.Choice;
import io.countersign.identity.People;
import io.countersign.policy.Planning;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Who may run a plan: the one home of that rule. Nobody who approved it, under whatever account. */
public final class Executors {

    private Executors() {}

    /**
     * Every reason against it, each one sentence; empty where it may begin.
     *
     * @param settings what its session declares of what changes the meaning of commands, as the connector says it
     * @param planning what the policy in force says of plans
     * @param revision the revision in force
     */
    public static List<String> mayRun(
            PlanStanding plan,
            List<Ballot> votes,
            DelegationChain executor,
            String target,
            String settings,
            Optional<Planning> planning,
            People people,
            String revision,
            Instant now) {
        Set<String> reasons = new LinkedHashSet<>();
        String name = "Plan " + plan.id();
        if (plan.state() != PlanState.READY) {
            reasons.add(
                    switch (plan.state()) {
                        case PENDING -> name + " waits to be approved: request " + plan.request() + ".";
                        case RUNNING -> name + " is running already.";
                        case DONE -> name + " is done already.";
                        default -> name + " is over: " + plan.why().orElse("") + ".";
                    });
        } else if (plan.until().isEmpty() || !now.isBefore(plan.until().get())) {
            reasons.add(name + " had to be begun before " + plan.until().orElse(plan.asked()) + ".");
        }
        if (!plan.target().equals(target)) {
            reasons.add(name + " is for target " + plan.target() + ".");
        }
        String agreed = Draft.written(plan.settings());
        if (!agreed.equals(settings)) {
            reasons.add(name + " runs with "
                    + (agreed.isEmpty() ? "no settings of the client's own" : "the settings " + agreed)
                    + ", and not with "
                    + (settings.isEmpty() ? "none" : settings) + ".");
        }
        if (!plan.revision().equals(revision)) {
            reasons.add(changed(plan));
        }
        if (planning.isEmpty()
                || Collections.disjoint(
                        planning.get().executors(), executor.origin().groups())) {
            reasons.add("Only members of "
                    + String.join(
                            ", ",
                            planning.map(Planning::executors).orElse(Set.of()).stream()
                                    .sorted()
                                    .toList())
                    + " may run plans.");
        }
        for (Identity link : executor.links()) {
            if (!planning.map(Planning::plannerMayExecute).orElse(false)) {
                planned(link, plan, people).ifPresent(reasons::add);
            }
            approved(link, votes, people).ifPresent(reasons::add);
        }
        if (chain(plan, executor).isEmpty()) {
            reasons.add("Planner and executor together are a longer chain than " + DelegationChain.LONGEST + ".");
        }
        return new ArrayList<>(reasons);
    }

    /** On whose behalf it runs, and through whom; empty where they are too many. */
    public static Optional<DelegationChain> chain(PlanStanding plan, DelegationChain executor) {
        List<Account> planners =
                plan.planner().links().stream().map(Account::of).toList();
        if (planners.equals(executor.links().stream().map(Account::of).toList())) {
            return Optional.of(plan.planner());
        }
        List<Identity> links = Stream.concat(plan.planner().links().stream(), executor.links().stream())
                .toList();
        return links.size() > DelegationChain.LONGEST ? Optional.empty() : Optional.of(new DelegationChain(links));
    }

    /** Why it does not run under another revision. */
    static String changed(PlanStanding plan) {
        return "The policy has changed since plan " + plan.id() + " was submitted: submit it again.";
    }

    private static Optional<String> planned(Identity somebody, PlanStanding plan, People people) {
        return plan.planner().links().stream()
                .filter(link -> people.same(somebody, link).isPresent()
                        || people.owns(somebody, link)
                        || people.owns(link, somebody))
                .findFirst()
                .map(link -> somebody.name() + " stands behind plan " + plan.id() + " ("
                        + plan.planner().described() + "), and somebody else must run it.");
    }

    private static Optional<String> approved(Identity somebody, List<Ballot> votes, People people) {
        return votes.stream()
                .filter(vote -> vote.choice() == Choice.APPROVE)
                .filter(vote -> people.same(somebody, vote.voter()).isPresent() || people.owns(vote.voter(), somebody))
                .findFirst()
                .map(vote -> vote.voter().name() + " approved this plan, and somebody else must run it.");
    }
}
