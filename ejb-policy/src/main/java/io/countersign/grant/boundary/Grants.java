package io.countersign.grant.boundary;

import io.countersign.api.DelegationChain;
import io.countersign.api.Target;
import io.countersign.approval.Account;
import io.countersign.approval.Held;
import io.countersign.approval.State;
import io.countersign.approval.boundary.Background;
import io.countersign.grant.Admission;
import io.countersign.grant.DutyGrant;
import io.countersign.grant.GrantBook;
import io.countersign.grant.GrantStanding;
import io.countersign.grant.GrantStanding.Kind;
import io.countersign.grant.Wanted;
import io.countersign.ledger.boundary.JtaStore;
import io.countersign.ledger.boundary.Ledger;
import io.countersign.policy.Elevation;
import io.countersign.policy.Framer;
import io.countersign.policy.Policy;
import io.countersign.policy.Role;
import io.countersign.policy.boundary.PolicyInForce;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Duties that people and agents have for a time: asked for, taken in an emergency, ended, and read of. */
@ApplicationScoped
public class Grants {

    /** Characters (Unicode code points) that a reason may have at most. */
    public static final int LONGEST_REASON = 1_000;

    private static final Logger LOG = System.getLogger(Grants.class.getName());

    private static final int MOST = 500;

    private static final String LATEST = "SELECT g FROM DutyGrant g ORDER BY g.id DESC";

    private static final String OF_ACCOUNT =
            "SELECT g FROM DutyGrant g JOIN g.links l WHERE l.issuer = :issuer AND l.subject = :subject ORDER BY g.id DESC";

    @Inject
    private Ledger ledger;

    @Inject
    private JtaStore store;

    @Inject
    private PolicyInForce policy;

    @Inject
    private GrantsInUse inUse;

    @Inject
    private Background background;

    private final Clock clock = Clock.systemUTC();

    /** Who asks for what. A duration that is not said is the longest that there may be. */
    public record Question(
            DelegationChain caller,
            String target,
            String duty,
            String reason,
            Optional<Duration> duration,
            Optional<String> session) {}

    /** Asks others to grant it. */
    public GrantResult ask(Question question) {
        Policy now = policy.current();
        if (!(now.elevation(question.duty).orElse(null) instanceof Elevation.Grantable by)) {
            return new GrantResult.Wrong("There is no duty named " + question.duty + " that is granted for a time.");
        }
        return wanted(question, by, now, wanted -> {
            List<String> reasons = Admission.mayAsk(now, by, wanted, own(question.caller));
            return reasons.isEmpty()
                    ? opened(Ledger.await(book().ask(
                                    wanted,
                                    wanted.toGrant(by, now.revision(), owners(now, wanted), framers(now, wanted)))))
                    : refused(Kind.GRANT, wanted, reasons);
        });
    }

    /**
     * Takes it at once, loudly.
     *
     * @param signedIn when the caller last showed who they are; empty where nobody knows
     */
    public GrantResult breakGlass(Question question, Optional<Instant> signedIn) {
        Policy now = policy.current();
        if (!(now.elevation(question.duty).orElse(null) instanceof Elevation.BreakGlass by)) {
            return new GrantResult.Wrong(
                    "There is no duty named " + question.duty + " that is had by breaking the glass.");
        }
        return wanted(question, by, now, wanted -> {
            List<String> reasons = Admission.mayBreak(now, by, wanted, signedIn, own(question.caller), clock.instant());
            if (!reasons.isEmpty()) {
                return refused(Kind.BREAK_GLASS, wanted, reasons);
            }
            GrantStanding taken = Ledger.await(book().breakGlass(
                            wanted, wanted.toReview(by, now.revision(), owners(now, wanted), framers(now, wanted))));
            inUse.broken();
            LOG.log(
                    Level.ERROR,
                    "BREAK-GLASS: {0} has duty {1} on {2} until {3}. Review {4} waits for others.",
                    taken.holder().described(),
                    taken.duty(),
                    taken.target(),
                    taken.until().orElseThrow(),
                    taken.request());
            return opened(taken);
        });
    }

    private GrantResult wanted(Question question, Elevation by, Policy now, Function<Wanted, GrantResult> then) {
        String reason = question.reason.strip();
        Duration duration = question.duration.orElse(by.longest());
        List<Target> targets = now.targets().stream()
                .filter(target -> target.name().equals(question.target))
                .toList();
        if (targets.isEmpty()) {
            return new GrantResult.Wrong("There is no target named " + question.target + ".");
        }
        if (reason.isEmpty() || reason.codePointCount(0, reason.length()) > LONGEST_REASON) {
            return new GrantResult.Wrong("Say why, in at most " + LONGEST_REASON
                    + " characters: others decide by it, and it is on the record.");
        }
        if (duration.toSeconds() < 1) {
            return new GrantResult.Wrong("The shortest time is one second.");
        }
        return then.apply(new Wanted(
                question.caller,
                targets.getFirst().protocol(),
                question.target,
                question.duty,
                reason,
                duration,
                question.session));
    }

    private GrantResult opened(GrantStanding grant) {
        inUse.reload();
        background.announce(grant.request(), State.PENDING);
        return new GrantResult.Done(GrantView.of(grant, State.PENDING, clock.instant()));
    }

    private GrantResult refused(Kind kind, Wanted wanted, List<String> reasons) {
        Ledger.await(book().refused(kind, wanted, reasons));
        return new GrantResult.Refused(reasons);
    }

    /** Ends it before its time; the sessions that have used it end within a second. */
    public GrantResult end(long id, DelegationChain who, Set<Role> roles) {
        Optional<GrantView> found = find(id);
        if (found.isEmpty()) {
            return new GrantResult.NotFound();
        }
        GrantStanding grant = store.aside(em -> em.find(DutyGrant.class, id).standing());
        if (!Admission.mayEnd(
                grant, who, policy.current().elevation(grant.duty()), roles.contains(Role.ADMINISTRATOR))) {
            return new GrantResult.Refused(
                    List.of("Its holder, whoever may approve it and administrators end a grant before its time."));
        }
        if (grant.since().isEmpty()) {
            return new GrantResult.Wrong(
                    "It has not begun: withdraw or reject request " + grant.request() + " instead.");
        }
        Ledger.await(book().end(id, who.described() + " ended it"));
        inUse.reload();
        inUse.turn();
        return find(id).<GrantResult>map(GrantResult.Done::new).orElseGet(GrantResult.NotFound::new);
    }

    /** Newest first. Limit is at most 500. */
    public List<GrantView> list(int offset, int limit) {
        return store.aside(em -> GrantView.all(
                em,
                em.createQuery(LATEST, DutyGrant.class)
                        .setFirstResult(Math.max(offset, 0))
                        .setMaxResults(Math.clamp(limit, 1, MOST))
                        .getResultList(),
                clock.instant()));
    }

    /** Newest first: those in whose holder's chain this identity stands. */
    public List<GrantView> listOf(DelegationChain viewer, int offset, int limit) {
        return store.aside(em -> GrantView.all(
                em,
                em.createQuery(OF_ACCOUNT, DutyGrant.class)
                        .setParameter("issuer", viewer.actor().issuer())
                        .setParameter("subject", viewer.actor().subject())
                        .setFirstResult(Math.max(offset, 0))
                        .setMaxResults(Math.clamp(limit, 1, MOST))
                        .getResultList(),
                clock.instant()));
    }

    /** Broken glass that is in use, or that others have still to look at. */
    public List<GrantView> underReview() {
        return inUse.underReview();
    }

    public Optional<GrantView> find(long id) {
        return store.aside(em -> Optional.ofNullable(em.find(DutyGrant.class, id))
                .map(grant -> GrantView.all(em, List.of(grant), clock.instant()).getFirst()));
    }

    /** What somebody of these groups may ask for ({@link Kind#GRANT}) or take at once, by name. */
    public List<String> duties(Kind kind, Set<String> groups) {
        return policy.current().elevations().entrySet().stream()
                .filter(each -> each.getValue().isOpenTo(groups)
                        && (kind == Kind.GRANT) == (each.getValue() instanceof Elevation.Grantable))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** The targets that there are, by name. */
    public List<String> targets() {
        return policy.current().targets().stream()
                .map(Target::name)
                .distinct()
                .sorted()
                .toList();
    }

    /** Holders read their own; approvers, auditors and administrators all. */
    public boolean mayRead(GrantView grant, DelegationChain viewer, Set<Role> roles) {
        return roles.contains(Role.APPROVER)
                || roles.contains(Role.AUDITOR)
                || roles.contains(Role.ADMINISTRATOR)
                || grant.holder().stream().anyMatch(viewer.actor()::sameAccount);
    }

    private List<GrantStanding> own(DelegationChain holder) {
        List<Account> accounts = holder.links().stream().map(Account::of).toList();
        Instant now = clock.instant();
        return store.aside(GrantBook::open).stream()
                .filter(grant -> grant.holder().links().stream()
                        .map(Account::of)
                        .toList()
                        .equals(accounts))
                .filter(grant -> grant.since().isEmpty() || grant.active(now))
                .toList();
    }

    private static List<Held.Owner> owners(Policy now, Wanted wanted) {
        return Held.Owner.all(now, wanted.holder());
    }

    /** Who brought the duty's rules into force: they neither grant it nor review its use. */
    private List<Framer> framers(Policy now, Wanted wanted) {
        return policy.framers(now.revision(), now.rules(wanted.duty()));
    }

    private GrantBook book() {
        return new GrantBook(ledger.committer(), clock);
    }
}
