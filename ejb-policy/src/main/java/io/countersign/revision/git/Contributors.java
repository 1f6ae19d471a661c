package io.countersign.revision.git;

import io.countersign.policy.Author.Hand;
import io.countersign.policy.Policy;
import io.countersign.policy.PolicyException;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Everybody who stands behind a policy that came by git: author, committer and co-authors of each commit that touched its
 * folder since what is in force. Of the last commit alone it would tell nothing: that may be a trivial one upon somebody
 * else's.
 *
 * @param subject the first line of what the newest commit says of itself
 * @param commits how many commits that touched the folder are counted
 */
public record Contributors(String subject, Since since, int commits, List<Hand> hands) {

    /** A history that is longer is not walked: whoever it hides could approve. */
    static final int MOST_COMMITS = 100_000;

    static final int MOST_HANDS = 200;

    /** From where on commits are counted. */
    public enum Since {
        /** The commit that is in force, or a later one that holds just what is. */
        IN_FORCE,
        /** The commit that is in force is not among the ancestors any more: since what both have in common, if anything. */
        REWRITTEN,
        /** What is in force is nowhere in the history: all commits are counted. */
        ANYTHING
    }

    public Contributors {
        hands = List.copyOf(hands);
    }

    /** Whether each of them has an address to be known by. */
    public boolean complete() {
        return !hands.isEmpty() && hands.stream().noneMatch(hand -> hand.email().isEmpty());
    }

    static Contributors to(
            Repository repository,
            String folder,
            String commit,
            Optional<String> commitInForce,
            Optional<String> revisionInForce)
            throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            PolicyTree policy = new PolicyTree(walk.getObjectReader(), folder);
            RevCommit newest = walk.parseCommit(ObjectId.fromString(commit));
            Optional<RevCommit> inForce = commitInForce.isPresent()
                    ? known(walk, commitInForce.get())
                    : holding(walk, policy, newest, revisionInForce);
            Since since = commitInForce.isPresent()
                    ? inForce.isPresent() && isAncestor(repository, inForce.get(), newest)
                            ? Since.IN_FORCE
                            : Since.REWRITTEN
                    : inForce.isPresent() ? Since.IN_FORCE : Since.ANYTHING;
            walk.reset();
            walk.markStart(newest);
            if (inForce.isPresent()) {
                walk.markUninteresting(inForce.get());
            }
            int walked = 0;
            int counted = 0;
            Set<Hand> hands = new LinkedHashSet<>();
            for (RevCommit each = walk.next(); each != null; each = walk.next()) {
                limit(++walked, MOST_COMMITS, "commits");
                if (touches(walk, policy, each)) {
                    counted++;
                    hands.addAll(Hands.of(each));
                    limit(hands.size(), MOST_HANDS, "people");
                }
            }
            return new Contributors(Hands.cleaned(newest.getShortMessage()), since, counted, List.copyOf(hands));
        }
    }

    /** Whether the folder is another than in any one parent: who merges changes, too, what the branch says. */
    private static boolean touches(RevWalk walk, PolicyTree policy, RevCommit commit) throws IOException {
        ObjectId here = policy.id(commit);
        if (commit.getParentCount() == 0) {
            return !here.equals(ObjectId.zeroId());
        }
        for (RevCommit parent : commit.getParents()) {
            walk.parseHeaders(parent);
            if (!here.equals(policy.id(parent))) {
                return true;
            }
        }
        return false;
    }

    private static Optional<RevCommit> known(RevWalk walk, String commit) throws IOException {
        try {
            return Optional.of(walk.parseCommit(ObjectId.fromString(commit)));
        } catch (MissingObjectException rewrittenAndGone) {
            return Optional.empty();
        }
    }

    private static boolean isAncestor(Repository repository, RevCommit old, RevCommit newest) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            return walk.isMergedInto(walk.parseCommit(old), walk.parseCommit(newest));
        }
    }

    /** The newest commit that holds just this revision. */
    private static Optional<RevCommit> holding(
            RevWalk walk, PolicyTree policy, RevCommit newest, Optional<String> revision) throws IOException {
        if (revision.isEmpty()) {
            return Optional.empty();
        }
        Set<ObjectId> others = new HashSet<>();
        int walked = 0;
        walk.markStart(newest);
        for (RevCommit each = walk.next(); each != null; each = walk.next()) {
            limit(++walked, MOST_COMMITS, "commits");
            ObjectId tree = policy.id(each);
            if (others.add(tree.copy()) && holds(policy, tree, revision.get())) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    private static boolean holds(PolicyTree policy, ObjectId tree, String revision) throws IOException {
        try {
            return Policy.revision(policy.files(tree)).equals(revision);
        } catch (PolicyException noPolicy) {
            return false;
        }
    }

    private static void limit(int found, int most, String what) throws HistoryTooLong {
        if (found > most) {
            throw new HistoryTooLong(most, what);
        }
    }
}
