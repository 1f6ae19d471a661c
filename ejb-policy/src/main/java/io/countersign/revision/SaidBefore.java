package io.countersign.revision;

import io.countersign.policy.Author;
import jakarta.persistence.EntityManager;
import java.util.Optional;

/** What a folder or a repository said before, as the store has it. */
public final class SaidBefore {

    private SaidBefore() {}

    /** The revision that it proposed last, in this process or an earlier one. */
    public static Optional<String> revision(EntityManager store, Source source) {
        return store
                .createQuery(
                        "SELECT p.revision FROM PolicyProposal p WHERE p.source = :source ORDER BY p.id DESC",
                        String.class)
                .setParameter("source", source)
                .setMaxResults(1)
                .getResultList()
                .stream()
                .findFirst();
    }

    /** The commit that brought into force what is in force, also where it is in force again; empty where none did. */
    public static Optional<String> commitInForce(EntityManager store) {
        return Register.decides(store)
                .flatMap(revision -> store
                        .createQuery(
                                "SELECT p FROM PolicyProposal p WHERE p.source = :source AND p.revision = :revision"
                                        + " AND p.inForce IS NOT NULL ORDER BY p.id DESC",
                                PolicyProposal.class)
                        .setParameter("source", Source.GIT)
                        .setParameter("revision", revision)
                        .setMaxResults(1)
                        .getResultList()
                        .stream()
                        .findFirst()
                        .flatMap(row -> row.proposal().author() instanceof Author.Commits commits
                                ? Optional.of(commits.commit())
                                : Optional.empty()));
    }
}
