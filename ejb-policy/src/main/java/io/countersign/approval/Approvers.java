package io.countersign.approval;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.approval.Eligibility.Eligible;
import io.countersign.approval.Eligibility.Excluded;
import io.countersign.approval.Held.Owner;
import io.countersign.identity.People;
import io.countersign.policy.ApproverGroup;
import io.countersign.policy.Author;
import io.countersign.policy.Framer;
import io.countersign.policy.Stage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who may countersign: the one home of that rule (ANSI INCITS 359 dynamic separation of duty, applied to each command).
 *
 * <p>Nobody is exempt, whatever else they may do. Whoever stands anywhere in the requester's delegation chain, or owns one
 * of its agents, cannot, under whichever account; whoever wrote or approved the rule that lets it through cannot; an agent
 * cannot, nor anybody through one; nobody counts twice; and only those can whom the stage that is open asks for, within the
 * limits of their approver group. A change of the policy itself obeys the same rules.
 */
public final class Approvers {

    private Approvers() {}

    /** Every reason against it is listed, so that nobody must find them out one by one. */
    public static Eligibility mayApprove(DelegationChain voter, Standing request, Circumstances now) {
        Set<String> reasons = new LinkedHashSet<>();
        if (request.state() != State.PENDING) {
            reasons.add("The request is " + request.state().name().toLowerCase(Locale.ROOT) + " already.");
        }
        now.today().refusal().ifPresent(why -> reasons.add("The policy that is in force by now refuses it: " + why));
        reasons.addAll(unnatural(voter, now.people()));
        for (Identity link : voter.links()) {
            reasons.addAll(apart(link, request.held(), now.people()));
        }
        voted(voter.actor(), request.votes(), "request", now.people()).ifPresent(reasons::add);
        reasons.addAll(membership(voter.actor(), request, now));
        return reasons.isEmpty() ? new Eligible() : new Excluded(List.copyOf(reasons));
    }

    /** The same for a change of the policy. */
    public static Eligibility mayApprove(DelegationChain voter, Proposed change, People people) {
        Set<String> reasons = new LinkedHashSet<>();
        if (!change.open()) {
            reasons.add("The proposal is " + change.state() + " already.");
        }
        reasons.addAll(unnatural(voter, people));
        for (Identity link : voter.links()) {
            if (is(link, change.author(), people)) {
                reasons.add(link.name() + " stands behind this proposal ("
                        + change.author().described() + "), and somebody else must countersign it.");
            }
            unrecognized(link, change.author(), "this proposal", people).ifPresent(reasons::add);
        }
        voted(voter.actor(), change.votes(), "proposal", people).ifPresent(reasons::add);
        if (Collections.disjoint(change.groups(), voter.actor().groups())) {
            reasons.add("Only members of "
                    + change.groups().stream().sorted().collect(Collectors.joining(", "))
                    + " may countersign changes of the policy.");
        }
        return reasons.isEmpty() ? new Eligible() : new Excluded(List.copyOf(reasons));
    }

    /** Whether an automatic approver's answer counts now: only where the stage that is open asks for it. */
    public static Eligibility mayAnswer(Stage.Automatic approver, Standing request, Circumstances now) {
        Set<String> reasons = new LinkedHashSet<>();
        if (request.state() != State.PENDING) {
            reasons.add("The request is " + request.state().name().toLowerCase(Locale.ROOT) + " already.");
        }
        now.today().refusal().ifPresent(why -> reasons.add("The policy that is in force by now refuses it: " + why));
        if (request.awaited(now.people(), now.today()).stream().noneMatch(awaited -> awaited.is(approver.identity()))) {
            reasons.add("No stage that is open waits for the automatic approver " + approver.name() + ".");
        }
        return reasons.isEmpty() ? new Eligible() : new Excluded(List.copyOf(reasons));
    }

    private static List<String> unnatural(DelegationChain voter, People people) {
        List<String> reasons = new ArrayList<>();
        if (voter.links().size() > 1) {
            reasons.add("Nobody countersigns through somebody else: " + voter.described()
                    + " is a delegation. People sign in as themselves.");
        }
        if (voter.actor().kind() != Identity.Kind.PERSON || people.agents().isAgent(voter.actor())) {
            reasons.add("Agents never countersign, and " + voter.actor().name() + " is one.");
        }
        return reasons;
    }

    /** Whether somebody is an author, owns the agent that is, or has it write on their behalf. */
    private static boolean is(Identity somebody, Author author, People people) {
        return switch (author) {
            case Author.Caller(DelegationChain chain) ->
                chain.links().stream()
                        .anyMatch(link -> people.same(somebody, link).isPresent() || people.owns(somebody, link));
            case Author.Named(String name) -> people.isNamed(somebody, name);
            case Author.Commits commits ->
                commits.hands().stream()
                        .map(Author.Hand::email)
                        .anyMatch(email -> !email.isEmpty() && people.isNamed(somebody, email));
            case Author.Unknown() -> false;
        };
    }

    /** Commits name addresses: whoever has none that is known could be any of their authors. */
    private static Optional<String> unrecognized(Identity somebody, Author author, String what, People people) {
        return author instanceof Author.Commits && !people.isAddressed(somebody)
                ? Optional.of(
                        somebody.name() + " may have written " + what + ", which came by git: its authors are known"
                                + " by e-mail addresses, and neither the issuer nor the policy (persons) says a verified one of "
                                + somebody.name() + ".")
                : Optional.empty();
    }

    /** Why somebody is not somebody else than those who ask, in every sense. */
    private static List<String> apart(Identity somebody, Held held, People people) {
        List<String> reasons = new ArrayList<>();
        List<Identity> chain = held.requester().links();
        for (Identity link : chain) {
            Optional<String> same = people.same(somebody, link);
            if (same.isPresent() && somebody.sameAccount(link)) {
                reasons.add(
                        link.equals(held.requester().origin())
                                        || link.sameAccount(held.requester().origin())
                                ? somebody.name() + " asked for this, and somebody else must countersign it."
                                : somebody.name() + " stands in the delegation chain that asks: "
                                        + held.requester().described() + ".");
            } else if (same.isPresent()) {
                reasons.add(somebody.name() + " (" + somebody.subject() + ") and " + link.name()
                        + ", who asks for this, are one person: " + same.get() + ".");
            }
            if (people.owns(somebody, link)) {
                reasons.add(owns(somebody, link.name()));
            }
        }
        for (Owner owner : held.owners()) {
            boolean is = owner.account().equals(Account.of(somebody))
                    || people.isNamed(somebody, owner.account().subject());
            if (is) {
                reasons.add(owns(somebody, owner.agent()));
            }
        }
        for (Framer framer : held.framers()) {
            if (is(somebody, framer.who(), people)) {
                reasons.add(somebody.name() + (framer.approved() ? " approved" : " wrote") + " rule " + framer.rule()
                        + " as it is, which lets this through; somebody else must countersign it.");
            }
            unrecognized(somebody, framer.who(), "rule " + framer.rule(), people)
                    .ifPresent(reasons::add);
        }
        return reasons;
    }

    private static String owns(Identity somebody, String agent) {
        return somebody.name() + " owns " + agent + ", which asks for this.";
    }

    private static Optional<String> voted(Identity voter, List<Ballot> votes, String on, People people) {
        return votes.stream()
                .map(Ballot::voter)
                .filter(other -> people.same(other, voter).isPresent())
                .findFirst()
                .map(other -> other.sameAccount(voter)
                        ? voter.name() + " has voted on this " + on + " before."
                        : voter.name() + " has voted on this " + on + " before, as " + other.name() + " ("
                                + other.subject() + "): "
                                + people.same(other, voter).orElseThrow() + ".");
    }

    /** Empty where at least one rule's open stage has a seat for the voter. */
    private static List<String> membership(Identity voter, Standing request, Circumstances now) {
        List<String> reasons = new ArrayList<>();
        for (Progress progress : request.progress(now.people(), now.today())) {
            Optional<String> reason = progress.met()
                    ? Optional.of("What rule " + progress.terms().rule() + " asks for is countersigned already.")
                    : progress.open().flatMap(at -> outside(voter, progress, at, now));
            if (reason.isEmpty()) {
                return List.of();
            }
            reasons.add(reason.get());
        }
        return reasons;
    }

    private static Optional<String> outside(Identity voter, Progress progress, Progress.At open, Circumstances now) {
        if (open.stage() instanceof Stage.Automatic automatic) {
            return Optional.of("The automatic approver " + automatic.name()
                    + " is asked at the present stage, and nobody answers in its place.");
        }
        List<ApproverGroup> own = open.stage().approvers().stream()
                .filter(group -> group.has(voter.groups()))
                .toList();
        if (own.isEmpty()) {
            String members = "Only members of " + groups(open.stage().approvers()) + " may countersign this";
            return Optional.of(
                    progress.concerns(voter) && progress.stages().size() > 1
                            ? members + " at its present stage."
                            : members + ".");
        }
        List<ApproverGroup> working =
                own.stream().filter(group -> group.opensAt(now.now())).toList();
        if (working.isEmpty()) {
            return Optional.of(own.stream()
                    .map(group -> group.name() + " countersign "
                            + group.hours().orElseThrow().described() + " only.")
                    .collect(Collectors.joining(" ")));
        }
        List<ApproverGroup> free = working.stream()
                .filter(group -> group.mostPending().isEmpty()
                        || now.pending() < group.mostPending().getAsInt())
                .toList();
        if (free.isEmpty()) {
            return Optional.of("%s has approved %d requests that still wait for others, as many as %s may."
                    .formatted(voter.name(), now.pending(), working.getFirst().name()));
        }
        boolean seat = progress.takes(new Ballot(voter, Choice.APPROVE, "", now.now()));
        return seat
                ? Optional.empty()
                : Optional.of("The seats of " + groups(own) + " are taken; others are missing at this stage.");
    }

    private static String groups(List<ApproverGroup> approvers) {
        return approvers.stream()
                .flatMap(group -> group.groups().stream())
                .sorted()
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
