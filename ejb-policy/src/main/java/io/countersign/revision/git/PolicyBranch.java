package io.countersign.revision.git;

import io.countersign.policy.Policy.SourceFile;
import io.countersign.policy.PolicyException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.FetchResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;

/** A branch that holds the policy: pulls it, reads it, and tells who stands behind what it says. */
public final class PolicyBranch {

    private static final String OWN_REF = "refs/countersign/policy";

    /** How long the server may be silent. */
    private static final int SILENCE_SECONDS = 30;

    private static final Duration LONGEST_PULL = Duration.ofMinutes(10);

    private final Upstream upstream;
    private final Path copy;
    private final Clock clock;

    /** @param copy a folder for the gateway's own copy, which nothing else writes to; made where it is missing */
    public PolicyBranch(Upstream upstream, Path copy, Clock clock) {
        this.upstream = upstream;
        this.copy = copy;
        this.clock = clock;
    }

    /** To be called before this process pulls for the first time: an earlier one may have been killed as it did. */
    public void recover() throws IOException {
        LocalCopy.unlock(copy);
    }

    /**
     * Brings what the branch has now; the calling thread waits for the server.
     *
     * @return the newest commit's id, in hexadecimal
     * @throws IOException where that fails: what was pulled before stays
     */
    public String pull() throws IOException {
        try (LocalCopy own = LocalCopy.ready(copy);
                Transport transport = Transport.open(own, new URIish(upstream.url()))) {
            transport.setTimeout(SILENCE_SECONDS);
            transport.setTagOpt(TagOpt.NO_TAGS);
            transport.setCheckFetchedObjects(true);
            if (upstream.credential().isPresent()) {
                transport.setCredentialsProvider(
                        Credential.in(upstream.credential().get()));
            }
            FetchResult pulled =
                    transport.fetch(deadline(), List.of(new RefSpec("+" + upstream.ref() + ":" + OWN_REF)));
            Ref theirs = pulled.getAdvertisedRef(upstream.ref());
            ObjectId newest = theirs == null ? null : theirs.getObjectId();
            if (newest == null) {
                throw new IOException("there is no " + upstream.described());
            }
            if (!newest.equals(own.resolve(OWN_REF))) {
                throw new IOException("the gateway's own copy in " + copy + " cannot be written");
            }
            return newest.name();
        } catch (URISyntaxException e) {
            throw new IOException(upstream.url() + " is no address: " + e.getMessage(), e);
        }
    }

    /**
     * The policy's files as a commit has them.
     *
     * @throws PolicyException where they cannot be a policy: too many, too large, no UTF-8, or none at all
     */
    public List<SourceFile> files(String commit) throws PolicyException, IOException {
        try (LocalCopy own = LocalCopy.in(copy);
                RevWalk walk = new RevWalk(own)) {
            RevCommit read = walk.parseCommit(ObjectId.fromString(commit));
            return new PolicyTree(walk.getObjectReader(), upstream.folder()).files(read);
        }
    }

    /**
     * Everybody who may have written what a commit has and what is in force has not.
     *
     * @param commitInForce   the commit that is in force, where one is
     * @param revisionInForce the policy's, whichever way it came
     */
    public Contributors contributors(String commit, Optional<String> commitInForce, Optional<String> revisionInForce)
            throws IOException {
        try (LocalCopy own = LocalCopy.in(copy)) {
            return Contributors.to(own, upstream.folder(), commit, commitInForce, revisionInForce);
        }
    }

    private ProgressMonitor deadline() {
        Instant end = clock.instant().plus(LONGEST_PULL);
        return new EmptyProgressMonitor() {
            @Override
            public boolean isCancelled() {
                return clock.instant().isAfter(end);
            }
        };
    }
}
