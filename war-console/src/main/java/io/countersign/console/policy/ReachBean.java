package io.countersign.console.policy;

import io.countersign.api.Target;
import io.countersign.console.Asked;
import io.countersign.policy.Policy;
import io.countersign.policy.Reach.Way;
import io.countersign.policy.boundary.PolicyInForce;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Behind {@code policy-reach.xhtml}: by the policy in force, which group can do what on a target, and whom it needs. */
@Named("reach")
@RequestScoped
public class ReachBean {

    @Inject
    private PolicyInForce inForce;

    private List<String> targets = List.of();
    private String target = "";
    private boolean unapproved;
    private List<String> groups = List.of();
    private List<Row> rows = List.of();

    /**
     * One action.
     *
     * @param cells for each group, in their order, the ways to it
     */
    public record Row(String action, List<List<Way>> cells) {

        public Row {
            cells = List.copyOf(cells);
        }
    }

    public void load() {
        Policy policy = inForce.current();
        targets = policy.targets().stream().map(Target::name).toList();
        String asked = Asked.text("target", "");
        target = targets.contains(asked) ? asked : targets.stream().findFirst().orElse("");
        unapproved = Asked.text("only", "").equals("unapproved");
        List<Way> ways = policy.reach(target, Optional.empty()).stream()
                .filter(way -> !unapproved || way.alone())
                .toList();
        groups = List.copyOf(new TreeSet<>(ways.stream().map(Way::group).toList()));
        rows = new TreeSet<>(ways.stream().map(Way::action).toList())
                .stream().map(action -> row(action, ways)).toList();
    }

    private Row row(String action, List<Way> ways) {
        return new Row(
                action,
                groups.stream()
                        .map(group -> ways.stream()
                                .filter(way -> way.group().equals(group)
                                        && way.action().equals(action))
                                .toList())
                        .toList());
    }

    public List<String> getTargets() {
        return targets;
    }

    public String getTarget() {
        return target;
    }

    /** Whether only that is shown which nobody else must countersign. */
    public boolean isUnapproved() {
        return unapproved;
    }

    /** The columns. */
    public List<String> getGroups() {
        return groups;
    }

    public List<Row> getRows() {
        return rows;
    }
}
