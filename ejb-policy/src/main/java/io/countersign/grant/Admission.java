package io.countersign.grant;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.policy.Elevation;
import io.countersign.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who may ask for a duty for a time, and who may take it at once. Pure functions over the policy and what is in use. */
public final class Admission {

    /** A clock that runs ahead by this much is no reason to doubt a sign-in. */
    private static final Duration SKEW = Duration.ofSeconds(30);

    private Admission() {}

    /** Every reason against a request for a grant; empty where others may be asked. */
    public static List<String> mayAsk(Policy policy, Elevation.Grantable by, Wanted wanted, List<GrantStanding> own) {
        List<String> reasons = new ArrayList<>();
        Identity origin = wanted.holder().origin();
        if (!by.isOpenTo(origin.groups())) {
            reasons.add("Only members of " + names(by.groups()) + " may ask for duty " + wanted.duty() + ".");
        }
        if (wanted.duration().compareTo(by.longest()) > 0) {
            reasons.add("Duty " + wanted.duty() + " is granted for " + Wanted.words(by.longest()) + " at the longest.");
        }
        reasons.addAll(open(wanted, own));
        conflict(policy, wanted, own).ifPresent(reasons::add);
        return reasons;
    }

    /**
     * Every reason against breaking the glass; empty where it may be done at once.
     *
     * @param signedIn when the caller last showed who they are; empty where nobody knows
     */
    public static List<String> mayBreak(
            Policy policy,
            Elevation.BreakGlass by,
            Wanted wanted,
            Optional<Instant> signedIn,
            List<GrantStanding> own,
            Instant now) {
        List<String> reasons = new ArrayList<>();
        DelegationChain holder = wanted.holder();
        if (holder.links().size() > 1
                || holder.actor().kind() != Identity.Kind.PERSON
                || policy.people().agents().isAgent(holder.actor())) {
            reasons.add("Only people break the glass, each for themselves; " + holder.described()
                    + " is an agent or a delegation.");
        }
        if (!by.isOpenTo(holder.origin().groups())) {
            reasons.add(
                    "Only members of " + names(by.groups()) + " may break the glass for duty " + wanted.duty() + ".");
        }
        stale(by.signedInWithin(), signedIn, now).ifPresent(reasons::add);
        reasons.addAll(open(wanted, own));
        conflict(policy, wanted, own).ifPresent(reasons::add);
        return reasons;
    }

    private static Optional<String> stale(Duration within, Optional<Instant> signedIn, Instant now) {
        String needed = "Breaking the glass needs a sign-in within the last " + Wanted.words(within) + ": ";
        if (signedIn.isEmpty()) {
            return Optional.of(
                    needed + "nothing says when yours was, because your token has no auth_time claim. Have its"
                            + " issuer send it (OpenID Connect Core 1.0, section 2; in Keycloak the client scope \"basic\" does,"
                            + " which a client made before version 25 may lack), or sign in to the console and repeat this there.");
        }
        Instant at = signedIn.get();
        return at.plus(within).isBefore(now) || at.isAfter(now.plus(SKEW))
                ? Optional.of(needed + "yours was at " + at + ". Sign in again, then repeat this.")
                : Optional.empty();
    }

    private static List<String> open(Wanted wanted, List<GrantStanding> own) {
        return own.stream()
                .filter(grant -> grant.duty().equals(wanted.duty())
                        && grant.target().equals(wanted.target())
                        && grant.session().equals(wanted.session()))
                .map(grant -> "There is " + grant.described() + " already"
                        + grant.until().map(until -> ", until " + until).orElse(", which waits to be granted") + ".")
                .toList();
    }

    /** Duties that nobody may carry together are not had together for a time either (ANSI INCITS 359-2004 §6.3). */
    private static Optional<String> conflict(Policy policy, Wanted wanted, List<GrantStanding> own) {
        Set<String> duties = Stream.concat(
                        Stream.of(wanted.duty()), own.stream().map(GrantStanding::duty))
                .collect(Collectors.toSet());
        Identity origin = wanted.holder().origin();
        return policy.conflict(origin.groups(), duties).map(words -> origin.name() + " then " + words + ".");
    }

    /** Whether somebody may end it before its time: its holder, and whoever decides about it. */
    public static boolean mayEnd(
            GrantStanding grant, DelegationChain who, Optional<Elevation> by, boolean administrator) {
        return administrator
                || grant.holder().links().stream().anyMatch(who.actor()::sameAccount)
                || who.links().size() == 1
                        && by.stream()
                                .flatMap(elevation -> elevation.stages().stream())
                                .flatMap(stage -> stage.approvers().stream())
                                .anyMatch(group -> group.has(who.actor().groups()));
    }

    private static String names(Set<String> groups) {
        return String.join(", ", groups.stream().sorted().toList());
    }
}
