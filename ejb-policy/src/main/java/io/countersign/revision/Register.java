package io.countersign.revision;

import io.countersign.api.DelegationChain;
import io.countersign.approval.Approvers;
import io.countersign.approval.Ballot;
import io.countersign.approval.Choice;
import io.countersign.approval.Eligibility.Excluded;
import io.countersign.identity.People;
import io.countersign.ledger.Committer;
import io.countersign.ledger.Entry;
import io.countersign.ledger.Work.Written;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Every step of every proposed revision, each with its entry in one transaction, in the order of the ledger. Of two that
 * take effect at once one does, and the other is superseded.
 */
public final class Register {

    /** Proposals that may wait at a time: nobody reads more, and each is kept whole. */
    static final int MOST_WAITING = 50;

    private final Committer ledger;
    private final Clock clock;

    public Register(Committer ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Puts a revision to the vote. One from the folder or the repository takes the place of its one before. */
    public CompletableFuture<Filed> propose(Draft draft) {
        return ledger.submit(store -> {
            Instant now = now();
            Optional<PolicyProposal> inForce = inForce(store);
            Optional<String> decides = inForce.map(each -> each.revision());
            if (decides.filter(draft.policy().revision()::equals).isPresent()) {
                return Written.of(new Filed.InForce());
            }
            if (!decides.equals(draft.base())) {
                return Written.of(new Filed.Overtaken());
            }
            List<Entry> entries = new ArrayList<>();
            if (draft.source().isPlace()) {
                entries.addAll(supersede(
                        store,
                        now,
                        each -> each.source() == draft.source(),
                        draft.source().place() + " has changed again"));
            }
            if (waiting(store).size() >= MOST_WAITING) {
                return new Written<>(new Filed.TooMany(MOST_WAITING), entries);
            }
            Proposal proposal = stored(store, draft, now).proposal();
            entries.add(Steps.proposed(proposal, now));
            return new Written<>(new Filed.Waiting(proposal), entries);
        });
    }

    /** The folder or the repository says again what is in force: what it proposed before is given up. */
    public CompletableFuture<Boolean> withdraw(Source source) {
        return ledger.submit(store -> {
            List<Entry> entries = supersede(
                    store, now(), each -> each.source() == source, source.place() + " says again what is in force");
            return new Written<>(!entries.isEmpty(), entries);
        });
    }

    /**
     * Puts a revision in force without a vote: the first one, or where operators chose not to ask.
     *
     * @param how why nobody was asked: {@code bootstrap}, {@code immediate}
     */
    public CompletableFuture<Proposal> enforce(Draft draft, String how) {
        return ledger.submit(store -> {
            Instant now = now();
            PolicyProposal row = stored(store, draft, now);
            List<Entry> entries = takeEffect(store, row, now, how);
            return new Written<>(row.proposal(), entries);
        });
    }

    /**
     * Counts a vote, or says on the ledger why not.
     *
     * @param people who is who by the policy in force, and {@code groups} whose members countersign changes by it
     */
    public CompletableFuture<Tallied> vote(
            long id, DelegationChain voter, Choice choice, String comment, People people, Set<String> groups) {
        return ledger.submit(store -> {
            Instant now = now();
            PolicyProposal row = store.find(PolicyProposal.class, id);
            if (row == null) {
                return Written.of(new Tallied.NotFound());
            }
            Proposal before = row.proposal();
            if (Approvers.mayApprove(voter, before.asked(groups), people) instanceof Excluded(List<String> reasons)) {
                return Written.of(
                        before.state() == ProposalState.PROPOSED
                                ? new Tallied.NotAllowed(reasons)
                                : new Tallied.Closed(before),
                        Steps.refused(before, voter, choice, reasons, now));
            }
            Ballot ballot = new Ballot(voter.actor(), choice, comment, now);
            PolicyVote vote = PolicyVote.of(id, ballot);
            store.persist(vote);
            row.count(vote);
            List<Entry> entries = new ArrayList<>(List.of(Steps.voted(before, ballot)));
            if (choice == Choice.REJECT) {
                row.reject(now);
                entries.add(Steps.ended("policy-rejected", row.proposal(), comment, now));
            } else if (row.proposal().approvals() >= before.needed()) {
                entries.addAll(takeEffect(store, row, now, "approved"));
            }
            return new Written<>(new Tallied.Counted(row.proposal()), entries);
        });
    }

    /** Records that somebody tried to put the first revision in force with a wrong code. */
    public CompletableFuture<Boolean> refuseBootstrap(String client) {
        return ledger.append(Entry.of("policy-bootstrap-refused", now(), json -> json.text("client", client)), true);
    }

    /** Which revision decides by the store: quick, for asking every second. */
    public static Optional<String> decides(EntityManager store) {
        return store
                .createQuery(
                        "SELECT p.revision FROM PolicyProposal p"
                                + " WHERE p.state = io.countersign.revision.ProposalState.IN_FORCE",
                        String.class)
                .setMaxResults(1)
                .getResultList()
                .stream()
                .findFirst();
    }

    /** What decides by the store; empty before the first revision. */
    public static Optional<PolicyProposal> inForce(EntityManager store) {
        return store
                .createQuery(
                        "SELECT p FROM PolicyProposal p WHERE p.state = io.countersign.revision.ProposalState.IN_FORCE"
                                + " ORDER BY p.id DESC",
                        PolicyProposal.class)
                .setMaxResults(1)
                .getResultList()
                .stream()
                .findFirst();
    }

    /** Every revision that is or was in force, the first one first. */
    public static List<Origins.Step> history(EntityManager store) {
        return store
                .createQuery(
                        "SELECT p FROM PolicyProposal p WHERE p.inForce IS NOT NULL ORDER BY p.inForce, p.id",
                        PolicyProposal.class)
                .getResultList()
                .stream()
                .map(row -> {
                    Proposal proposal = row.proposal();
                    return new Origins.Step(
                            proposal.author(),
                            proposal.votes().stream().map(Ballot::voter).toList(),
                            row.forms());
                })
                .toList();
    }

    private static List<PolicyProposal> waiting(EntityManager store) {
        return store.createQuery(
                        "SELECT p FROM PolicyProposal p WHERE p.state = io.countersign.revision.ProposalState.PROPOSED"
                                + " ORDER BY p.id",
                        PolicyProposal.class)
                .getResultList();
    }

    private static PolicyProposal stored(EntityManager store, Draft draft, Instant now) {
        PolicyProposal row = PolicyProposal.of(draft, now);
        store.persist(row);
        store.flush();
        return row;
    }

    /** What waited was compared with what is gone now: it must be proposed anew, so that nobody approves something else. */
    private static List<Entry> takeEffect(EntityManager store, PolicyProposal row, Instant now, String how) {
        Optional<PolicyProposal> before = inForce(store);
        before.ifPresent(each -> each.supersede(now));
        row.takeEffect(now);
        Proposal after = row.proposal();
        List<Entry> entries = new ArrayList<>();
        entries.add(Steps.inForce(after, before.map(each -> each.revision()), how, now));
        entries.addAll(supersede(
                store, now, each -> each.id() != after.id(), "revision " + after.revision() + " came into force"));
        return entries;
    }

    private static List<Entry> supersede(EntityManager store, Instant now, Predicate<Proposal> which, String why) {
        List<Entry> entries = new ArrayList<>();
        for (PolicyProposal row : waiting(store)) {
            if (which.test(row.proposal())) {
                row.supersede(now);
                entries.add(Steps.ended("policy-superseded", row.proposal(), why, now));
            }
        }
        return entries;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
