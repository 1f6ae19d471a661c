package io.countersign.console.policy;

import io.countersign.policy.Policy;
import io.countersign.policy.boundary.PolicyInForce;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;

/** Behind {@code policy.xhtml}. */
@Named("policyInForce")
@RequestScoped
public class PolicyBean {

    @Inject
    private PolicyInForce inForce;

    private String revision = "";
    private String summary = "";
    private String problem = "";
    private List<SourceView> files = List.of();

    public void load() {
        Policy policy = inForce.current();
        revision = policy.revision();
        summary = policy.described();
        files = policy.files().stream().map(SourceView::of).toList();
        problem = inForce.problem().orElse("");
    }

    public String getRevision() {
        return revision;
    }

    /** How much of what there is. */
    public String getSummary() {
        return summary;
    }

    /** Why the folder as it is now is not in force; empty where it is. */
    public String getProblem() {
        return problem;
    }

    public List<SourceView> getFiles() {
        return files;
    }
}
