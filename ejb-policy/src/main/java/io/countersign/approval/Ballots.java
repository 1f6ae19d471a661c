package io.countersign.approval;

import io.countersign.api.Identity;
import io.countersign.identity.People;
import jakarta.persistence.EntityManager;

/** The votes of one person over all requests. */
public final class Ballots {

    private static final String OF_PENDING = "SELECT v FROM Vote v, ApprovalRequest r WHERE v.request = r.id"
            + " AND r.state = io.countersign.approval.State.PENDING AND r.id <> :but"
            + " AND v.choice = io.countersign.approval.Choice.APPROVE";

    private Ballots() {}

    /** How many requests besides one this person has approved, under whatever account, that still wait for others. */
    public static int pendingOf(EntityManager store, Identity person, long besides, People people) {
        return Math.toIntExact(
                store.createQuery(OF_PENDING, Vote.class).setParameter("but", besides).getResultList().stream()
                        .filter(vote ->
                                people.same(vote.ballot().voter(), person).isPresent())
                        .count());
    }
}
