package io.countersign.console.policy;

import io.countersign.policy.Policy;
import io.countersign.policy.boundary.PolicyInForce;
import io.countersign.revision.ProposalState;
import io.countersign.revision.boundary.PolicyRepository;
import io.countersign.revision.boundary.ProposalView;
import io.countersign.revision.boundary.Revisions;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Behind {@code policy.xhtml}: what is in force, what waits to be, and what was. */
@Named("policyInForce")
@RequestScoped
public class PolicyBean {

    private static final int SHOWN = 50;

    @Inject
    private PolicyInForce inForce;

    @Inject
    private Revisions revisions;

    @Inject
    private PolicyRepository repository;

    private String revision = "";
    private String summary = "";
    private String problem = "";
    private List<SourceView> files = List.of();
    private List<ProposalView> waiting = List.of();
    private List<ProposalView> decided = List.of();
    private Optional<ProposalView> source = Optional.empty();

    public void load() {
        Policy policy = inForce.current();
        revision = policy.revision();
        summary = policy.described();
        files = policy.files().stream().map(SourceView::of).toList();
        problem = inForce.problem().orElse("");
        List<ProposalView> known = revisions.list(Optional.empty(), 0, SHOWN);
        waiting = known.stream()
                .filter(each -> each.state() == ProposalState.PROPOSED)
                .toList();
        decided = known.stream()
                .filter(each -> each.state() != ProposalState.PROPOSED)
                .toList();
        source = revisions.inForce();
    }

    public String getRevision() {
        return revision;
    }

    /** How much of what there is. */
    public String getSummary() {
        return summary;
    }

    /** Why the policy as it is written now is not in force; empty where it is. */
    public String getProblem() {
        return problem;
    }

    /** Why the policy cannot be pulled; empty where it can, or is not. */
    public String getPullProblem() {
        return repository.problem().orElse("");
    }

    /** Proposals that wait for somebody's approval, newest first. */
    public List<ProposalView> getWaiting() {
        return waiting;
    }

    /** What is or was in force, and what was turned down, newest first. */
    public List<ProposalView> getDecided() {
        return decided;
    }

    /** Who brought the revision in force there, and when; absent where the store does not say. */
    public @Nullable ProposalView getSource() {
        return source.orElse(null);
    }

    /** Whether what is written counts as it is, without anybody's approval. */
    public boolean isImmediate() {
        return revisions.isImmediate();
    }

    public List<SourceView> getFiles() {
        return files;
    }
}
