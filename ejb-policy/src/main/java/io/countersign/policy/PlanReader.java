package io.countersign.policy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code plans}: who plans, who approves plans and who runs them. */
final class PlanReader {

    private static final Duration LONGEST = Duration.ofDays(30);

    private final ApproverReader approvers;
    private @Nullable Planning planning;

    PlanReader(ApproverReader approvers) {
        this.approvers = approvers;
    }

    /** Empty where nobody may plan. */
    Optional<Planning> planning() {
        return Optional.ofNullable(planning);
    }

    void plans(Yaml.Fields fields) {
        fields.only("planners", "executors", "planner-may-execute", "within", "lasts", "approvers", "quorum", "stages");
        if (planning != null) {
            fields.problem("'plans' stands in two files");
        }
        Set<String> planners = groups(fields, "planners", "who may submit a plan");
        Set<String> executors = groups(fields, "executors", "who may run one");
        boolean own = Values.flag(fields, "planner-may-execute", false);
        Duration within = positive(fields, "within", Duration.ofHours(1));
        Duration lasts = positive(fields, "lasts", Duration.ofHours(8));
        List<Stage> stages = approvers.stages(fields, 1);
        if (!ApproverReader.persons(stages)) {
            fields.problem("'plans' need 'approvers': a plan of permitted commands is approved as a whole, too, and by"
                    + " persons");
            return;
        }
        planning = new Planning(planners, executors, own, stages, within, lasts, fields.file(), fields.line());
    }

    private static Set<String> groups(Yaml.Fields fields, String key, String who) {
        Set<String> groups = Values.texts(fields, key);
        if (groups.isEmpty()) {
            fields.problem("'plans' need '" + key + "' with at least one group: " + who);
        }
        return groups;
    }

    private static Duration positive(Yaml.Fields fields, String key, Duration otherwise) {
        Duration time = Values.duration(fields, key, otherwise, LONGEST);
        if (time.isZero()) {
            fields.problem("'" + key + "' must be longer than nothing");
        }
        return time;
    }
}
