package io.countersign.policy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What changes in who plans commands, who approves plans and who runs them, in words. */
final class PlanChanges {

    private PlanChanges() {}

    static List<Change> between(Optional<Planning> before, Optional<Planning> after) {
        Optional<String> was = before.map(PlanChanges::words);
        Optional<String> is = after.map(PlanChanges::words);
        if (was.equals(is)) {
            return List.of();
        }
        if (was.isEmpty()) {
            return List.of(Change.widens("Plans are submitted and run: " + is.orElseThrow() + "."));
        }
        return is.isEmpty()
                ? List.of(Change.narrows("Nobody submits or runs plans any more; before, " + was.get() + "."))
                : List.of(Change.alters("Of plans, " + is.get() + "; before, " + was.get() + "."));
    }

    private static String words(Planning plans) {
        return "members of " + RuleWords.sorted(plans.planners()) + " submit them, members of "
                + RuleWords.sorted(plans.executors()) + " run "
                + (plans.plannerMayExecute() ? "their own and others'" : "those of others") + " once "
                + plans.stages().stream().map(PlanChanges::words).collect(Collectors.joining(", then "))
                + " approved within " + plans.within().toSeconds() + " s, and begin within "
                + plans.lasts().toSeconds() + " s";
    }

    private static String words(Stage stage) {
        return stage.quorum() + " of "
                + RuleWords.sorted(
                        stage.approvers().stream().map(ApproverGroup::name).collect(Collectors.toSet()));
    }
}
