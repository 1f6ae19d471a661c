package io.countersign.revision.boundary;

import io.countersign.ledger.boundary.JtaStore;
import io.countersign.ledger.boundary.Ledger;
import io.countersign.policy.Policy;
import io.countersign.policy.PolicyException;
import io.countersign.policy.boundary.PolicyFolder;
import io.countersign.policy.boundary.PolicyInForce;
import io.countersign.revision.Draft;
import io.countersign.revision.Filed;
import io.countersign.revision.Proposal;
import io.countersign.revision.SaidBefore;
import io.countersign.revision.boundary.PolicyPlace.Byline;
import io.countersign.revision.boundary.PolicyPlace.Written;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps this process to the revision that the store says is in force, and turns changes of the folder or the repository into
 * proposals. One that is not valid changes nothing, with a loud error in the log and in the gateway's health.
 */
@ApplicationScoped
public class PolicyWatch {

    private static final System.Logger LOG = System.getLogger(PolicyWatch.class.getName());

    /** 160 random bits: nobody guesses them, however often they try. */
    private static final int CODE_BYTES = 20;

    /** Wrong codes that are recorded one by one. */
    private static final int MOST_WRONG = 100;

    @Inject
    private PolicyFolder folder;

    @Inject
    private PolicyRepository repository;

    @Inject
    private PolicyInForce policy;

    @Inject
    private PolicySettings settings;

    @Inject
    private Revisions revisions;

    @Inject
    private Ledger ledger;

    @Inject
    private JtaStore store;

    private String stamp = "";
    private Optional<String> seen = Optional.empty();
    private @Nullable First first;
    private int wrong;

    /** What waits for the code that was printed. */
    private record First(Draft draft, String code) {}

    /** Before the gateway serves. */
    public synchronized void open() {
        if (settings.immediate()) {
            LOG.log(
                    Level.WARNING,
                    "countersign.policy.changes=immediate: whoever can write to {0} decides alone who may do what. For demo"
                            + " and tests only.",
                    place().described());
        } else {
            seen = store.aside(em -> SaidBefore.revision(em, place().source()));
        }
        turn();
    }

    /** To be called once a second. */
    public synchronized void turn() {
        if (ledger.committer().failure() != null) {
            return; // What is in force stays, and nothing could be recorded.
        }
        try {
            revisions.enforceStored();
            Optional<String> says = place().stamp();
            if (says.isEmpty()) {
                return; // Nothing was pulled yet: whoever pulls says why.
            }
            String now = says.get();
            if (now.equals(stamp) && policy.problem().isEmpty() && policy.isThere()) {
                return;
            }
            if (now.equals(stamp) && first != null) {
                return;
            }
            Written written = place().read();
            changed(policy.compile(written.files()), written.byline());
            stamp = now;
        } catch (PolicyException | RuntimeException e) {
            // Tried again every second, because it may be mended elsewhere: in a password file, in a setting.
            stamp = "";
            String found = e instanceof PolicyException ? String.valueOf(e.getMessage()) : e.toString();
            if (policy.problem(found)) {
                LOG.log(
                        Level.ERROR,
                        "The policy in {0} is NOT taken, {1}. Mend it:\n{2}",
                        place().described(),
                        policy.isThere() ? "and the one in force stays" : "and everything is refused",
                        found);
            }
        }
    }

    private void changed(Policy read, Supplier<Byline> byline) {
        if (!policy.isThere()) {
            begin(read, byline);
            return;
        }
        policy.problem("");
        if (Optional.of(read.revision()).equals(seen)) {
            return;
        }
        if (read.revision().equals(policy.current().revision())) {
            Ledger.await(revisions.register().withdraw(place().source()));
        } else if (settings.immediate()) {
            enforce(read, byline, "immediate");
        } else {
            propose(read, byline);
        }
        seen = Optional.of(read.revision());
    }

    private void propose(Policy read, Supplier<Byline> byline) {
        Revisions.unchangeable(read).ifPresent(why -> {
            throw new IllegalStateException(why);
        });
        Filed filed = Ledger.await(revisions.register().propose(draft(read, byline)));
        if (filed instanceof Filed.Waiting(Proposal proposal)) {
            LOG.log(
                    Level.INFO,
                    "The policy in {0} has changed: it is proposal {1}, {2}policy-proposal?id={1}, and takes effect when"
                            + " {3} of those who may have countersigned it.",
                    place().described(),
                    Long.toString(proposal.id()),
                    settings.console(),
                    proposal.needed());
        } else {
            throw new IllegalStateException("the change could not be proposed: " + filed);
        }
    }

    private void begin(Policy read, Supplier<Byline> byline) {
        Revisions.unchangeable(read)
                .ifPresent(why -> LOG.log(Level.WARNING, "The policy in {0}: {1}", place().described(), why));
        if (settings.trustsFirstFolder()) {
            enforce(read, byline, settings.immediate() ? "immediate" : "bootstrap");
            seen = Optional.of(read.revision());
            return;
        }
        byte[] drawn = new byte[CODE_BYTES];
        new SecureRandom().nextBytes(drawn);
        String code = Base64.getUrlEncoder().withoutPadding().encodeToString(drawn);
        first = new First(draft(read, byline), code);
        policy.problem("revision " + read.revision() + " of " + place().described()
                + " waits for the one-time code that the log shows");
        LOG.log(
                Level.WARNING,
                "No policy is in force yet, so everything is refused. To put revision {0} of {1} in force, once:\n"
                        + "  curl -H ''Content-Type: application/json'' -d ''{2}'' {3}api/policy/bootstrap",
                read.revision(),
                place().described(),
                "{\"code\": \"" + code + "\"}",
                settings.console());
    }

    /**
     * Puts the first revision in force for whoever can read the log.
     *
     * @return what is in force by it; empty where the code is wrong, which goes on the ledger, or there is a policy already
     */
    public synchronized Optional<ProposalView> bootstrap(String code, String client) {
        First waiting = first;
        boolean right = waiting != null
                && !policy.isThere()
                && MessageDigest.isEqual(
                        waiting.code().getBytes(StandardCharsets.UTF_8), code.getBytes(StandardCharsets.UTF_8));
        if (waiting == null) {
            return Optional.empty();
        }
        if (!right) {
            // Strangers can get here: they must not fill the store.
            if (++wrong <= MOST_WRONG) {
                Ledger.await(revisions.register().refuseBootstrap(client));
            }
            return Optional.empty();
        }
        Proposal proposal = Ledger.await(revisions.register().enforce(waiting.draft(), "bootstrap"));
        first = null;
        seen = Optional.of(proposal.revision());
        revisions.enforceStored();
        return Optional.of(ProposalView.of(proposal));
    }

    private void enforce(Policy read, Supplier<Byline> byline, String how) {
        Ledger.await(revisions.register().enforce(draft(read, byline), how));
        LOG.log(
                Level.WARNING,
                "Revision {0} of {1} takes effect without anybody''s approval ({2}).",
                read.revision(),
                place().described(),
                how);
        revisions.enforceStored();
    }

    private Draft draft(Policy read, Supplier<Byline> byline) {
        Byline by = byline.get();
        return revisions
                .draft(read, place().source(), by.author(), by.comment())
                .after(by.notes());
    }

    private PolicyPlace place() {
        return repository.isSet() ? repository : new FolderPlace(folder, settings);
    }
}
