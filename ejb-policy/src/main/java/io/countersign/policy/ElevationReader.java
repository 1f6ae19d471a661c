package io.countersign.policy;

import io.countersign.policy.Elevation.BreakGlass;
import io.countersign.policy.Elevation.Grantable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads how a duty is come by for a time: {@code break-glass} and {@code grants}. */
final class ElevationReader {

    private static final Duration LONGEST = Duration.ofDays(30);
    private static final Duration LONGEST_BREAK = Duration.ofHours(12);
    private static final Duration OLDEST_SIGN_IN = Duration.ofHours(1);

    /** Whoever breaks the glass is reviewed by more than one. */
    private static final int FEWEST_REVIEWERS = 2;

    private final ApproverReader approvers;

    ElevationReader(ApproverReader approvers) {
        this.approvers = approvers;
    }

    /** @param carriedBy the groups that carry the duty; only they may break the glass */
    Optional<Elevation> elevation(Yaml.Fields duty, Set<String> carriedBy) {
        if (duty.has("break-glass") && duty.has("grants")) {
            duty.problem("a duty has 'break-glass' or 'grants', not both");
        }
        return duty.has("break-glass")
                ? duty.map("break-glass").flatMap(fields -> breakGlass(fields, carriedBy))
                : duty.map("grants").flatMap(this::grantable);
    }

    private Optional<Elevation> breakGlass(Yaml.Fields fields, Set<String> carriedBy) {
        fields.only("lasts", "signed-in-within", "approvers", "quorum", "stages");
        Duration lasts = Values.duration(fields, "lasts", Duration.ofMinutes(30), LONGEST_BREAK);
        Duration fresh = Values.duration(fields, "signed-in-within", Duration.ofMinutes(5), OLDEST_SIGN_IN);
        List<Stage> stages = approvers.ofPersons(fields, FEWEST_REVIEWERS);
        if (stages.isEmpty()) {
            fields.problem("'break-glass' needs 'approvers': who reviews it afterwards");
            return Optional.empty();
        }
        if (stages.stream().mapToInt(Stage::quorum).sum() < FEWEST_REVIEWERS) {
            fields.problem("what broke the glass is reviewed by " + FEWEST_REVIEWERS + " others or more");
        }
        positive(fields, "lasts", lasts);
        positive(fields, "signed-in-within", fresh);
        return Optional.of(new BreakGlass(carriedBy, stages, lasts, fresh, fields.file(), fields.line()));
    }

    private Optional<Elevation> grantable(Yaml.Fields fields) {
        fields.only("to", "longest", "within", "approvers", "quorum", "stages");
        Set<String> to = Values.texts(fields, "to");
        if (to.isEmpty()) {
            fields.problem("'grants' need 'to' with at least one group: who may ask for one");
        }
        Duration longest = Values.duration(fields, "longest", Duration.ofHours(1), LONGEST);
        Duration within = Values.duration(fields, "within", Duration.ofHours(1), LONGEST);
        List<Stage> stages = approvers.stages(fields, 1);
        if (!ApproverReader.persons(stages)) {
            fields.problem("'grants' need 'approvers', or nobody could ever grant it; an automatic approver is nobody");
            return Optional.empty();
        }
        positive(fields, "longest", longest);
        return Optional.of(new Grantable(to, stages, longest, within, fields.file(), fields.line()));
    }

    private static void positive(Yaml.Fields fields, String key, Duration time) {
        if (time.isZero()) {
            fields.problem("'" + key + "' must be longer than nothing");
        }
    }
}
