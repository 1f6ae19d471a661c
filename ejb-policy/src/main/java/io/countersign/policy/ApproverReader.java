package io.countersign.policy;

import io.countersign.policy.ApproverGroup.Hours;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.Decision.Terms;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads who countersigns: approver groups with their limits, automatic approvers, and the stages of a rule that holds. */
final class ApproverReader {

    private static final Duration LONGEST_WAIT = Duration.ofDays(30);
    private static final Duration LONGEST_RERUN = Duration.ofDays(1);
    private static final int MOST_STAGES = 10;

    private static final Map<String, DayOfWeek> DAYS =
            Arrays.stream(DayOfWeek.values()).collect(Collectors.toUnmodifiableMap(Hours::word, day -> day));

    private final Values values;
    private final Map<String, ApproverGroup> groups = new LinkedHashMap<>();
    private final AutomaticReader automatic;

    ApproverReader(Values values) {
        this.values = values;
        this.automatic = new AutomaticReader(values);
    }

    List<ApproverGroup> known() {
        return List.copyOf(groups.values());
    }

    void approvers(Yaml.Fields fields) {
        fields.only("name", "groups", "hours", "most-pending");
        Set<String> groups = Values.texts(fields, "groups");
        if (groups.isEmpty()) {
            fields.problem("an approver group needs 'groups' with at least one group");
        }
        Optional<Hours> hours = fields.map("hours").flatMap(ApproverReader::hours);
        OptionalInt mostPending = fields.has("most-pending")
                ? values.number(fields, "most-pending", 1, 10_000)
                        .map(OptionalInt::of)
                        .orElse(OptionalInt.empty())
                : OptionalInt.empty();
        fields.required("name")
                .map(Yaml.Text::value)
                .ifPresent(name -> Values.unique(
                        fields,
                        "approver group",
                        this.groups.putIfAbsent(name, new ApproverGroup(name, groups, hours, mostPending)),
                        name));
    }

    private static Optional<Hours> hours(Yaml.Fields fields) {
        fields.only("days", "from", "to", "zone");
        Set<DayOfWeek> days = new HashSet<>();
        for (Yaml.Text day : fields.texts("days")) {
            Values.choice(Optional.of(day), DAYS).ifPresent(days::add);
        }
        if (!fields.has("days")) {
            days.addAll(DAYS.values());
        }
        Optional<LocalTime> from = fields.required("from").flatMap(text -> text.as(LocalTime::parse));
        Optional<LocalTime> to = fields.required("to").flatMap(text -> text.as(LocalTime::parse));
        Optional<ZoneId> zone = fields.required("zone").flatMap(text -> text.as(ZoneId::of));
        if (from.isEmpty() || to.isEmpty() || zone.isEmpty()) {
            return Optional.empty();
        }
        if (days.isEmpty() || !from.get().isBefore(to.get())) {
            fields.problem("'hours' need at least one of 'days', and 'to' after 'from'");
            return Optional.empty();
        }
        return Optional.of(new Hours(days, from.get(), to.get(), zone.get()));
    }

    /** The terms of a rule; a problem where it holds and has none, or has some and does not hold. */
    Optional<Terms> terms(String rule, Optional<Ruling> ruling, Yaml.Fields fields) {
        boolean holds = ruling.isPresent() && ruling.get() == Ruling.HOLD;
        for (String key : List.of("approvers", "quorum", "stages", "within", "in-transaction", "rerun")) {
            if (fields.has(key) && ruling.isPresent() && !holds) {
                fields.problem("'" + key + "' goes with 'decision: hold' only");
            }
        }
        if (!holds) {
            return Optional.empty();
        }
        Duration within = Values.duration(fields, "within", Duration.ofMinutes(15), LONGEST_WAIT);
        Duration rerun = Values.duration(fields, "rerun", Duration.ZERO, LONGEST_RERUN);
        Optional<Duration> inTransaction = fields.has("in-transaction")
                ? Optional.of(Values.duration(fields, "in-transaction", within, LONGEST_WAIT))
                : Optional.empty();
        List<Stage> stages = stages(fields, 1);
        if (!persons(stages)) {
            fields.problem(
                    stages.isEmpty()
                            ? "a rule that holds needs 'approvers', or nobody could ever approve"
                            : "a rule that holds needs a stage of persons, too: an automatic approver is nobody, and a"
                                    + " command that it alone lets go has no second person (write 'permit' with 'when'"
                                    + " for what a machine may decide)");
            return Optional.empty();
        }
        return Optional.of(new Terms(rule, stages, within, rerun, inTransaction));
    }

    /** Whether persons are asked in any of them. */
    static boolean persons(List<Stage> stages) {
        return stages.stream().anyMatch(Stage.Persons.class::isInstance);
    }

    /** @param usual the quorum where a stage says none */
    List<Stage> stages(Yaml.Fields fields, int usual) {
        return stages(fields, usual, true);
    }

    /** The same where automatic approvers have no say. */
    List<Stage> ofPersons(Yaml.Fields fields, int usual) {
        return stages(fields, usual, false);
    }

    private List<Stage> stages(Yaml.Fields fields, int usual, boolean alsoAutomatic) {
        List<Stage> stages = new ArrayList<>();
        if (fields.has("stages")) {
            if (fields.has("approvers") || fields.has("quorum")) {
                fields.problem("'approvers' and 'quorum' are the short form of one stage: write them within 'stages'");
            }
            for (Yaml.Fields stage : fields.maps("stages")) {
                if (alsoAutomatic) {
                    stage.only("approvers", "quorum", "automatic");
                } else {
                    stage.only("approvers", "quorum");
                }
                (alsoAutomatic && stage.has("automatic") ? automatic.stage(stage) : stage(stage, 1))
                        .ifPresent(stages::add);
            }
            if (fields.maps("stages").size() > MOST_STAGES) {
                fields.problem("a rule has at most " + MOST_STAGES + " stages");
            }
        } else {
            stage(fields, usual).ifPresent(stages::add);
        }
        return stages;
    }

    private Optional<Stage> stage(Yaml.Fields fields, int usual) {
        List<ApproverGroup> approvers = new ArrayList<>();
        for (Yaml.Text named : fields.texts("approvers")) {
            ApproverGroup group = groups.get(named.value());
            if (group == null) {
                named.problem("there is no approver group named " + named.value());
            } else if (approvers.contains(group)) {
                named.problem("the approver group " + named.value() + " stands here twice");
            } else {
                approvers.add(group);
            }
        }
        if (approvers.isEmpty()) {
            if (fields.texts("approvers").isEmpty()) {
                fields.problem("a stage needs 'approvers', or nobody could ever approve");
            }
            return Optional.empty();
        }
        if (fields.text("quorum").filter(text -> text.value().equals("all")).isPresent()) {
            return Optional.of(Stage.all(approvers));
        }
        int quorum =
                fields.has("quorum") ? values.number(fields, "quorum", 1, 100).orElse(1) : usual;
        return Optional.of(Stage.of(quorum, approvers));
    }
}
