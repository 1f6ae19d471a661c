package io.countersign.policy;

import io.countersign.policy.Decision.Terms;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Who plans commands, who approves the plan as a whole, and who runs it: the policy's {@code plans}.
 *
 * @param planners          members of any of these may submit plans
 * @param executors         members of any of these may run one
 * @param plannerMayExecute whether somebody may run a plan of their own
 * @param stages            who must approve every plan, beside those whom its commands need
 * @param within            how long its request waits before it expires
 * @param lasts             how long after its approval it may be begun
 * @param file              where it stands, relative to the policy folder, with {@code line} from 1
 */
public record Planning(
        Set<String> planners,
        Set<String> executors,
        boolean plannerMayExecute,
        List<Stage> stages,
        Duration within,
        Duration lasts,
        String file,
        int line) {

    /** Under this name reasons, terms and records speak of it where they else name a rule. */
    public static final String RULE = "plans";

    public Planning {
        planners = Set.copyOf(planners);
        executors = Set.copyOf(executors);
        stages = List.copyOf(stages);
    }

    /** What every plan needs. */
    public Terms terms() {
        return new Terms(RULE, stages, within);
    }
}
