package io.countersign.approval;

import io.countersign.ledger.JsonReader;
import io.countersign.ledger.JsonWriter;
import io.countersign.policy.ApproverGroup;
import io.countersign.policy.ApproverGroup.Hours;
import io.countersign.policy.Decision.Terms;
import io.countersign.policy.Stage;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** The terms of a held command as records keep them; those of one stage were once written without stages. */
final class WrittenTerms {

    private WrittenTerms() {}

    static void write(JsonWriter json, Terms terms) {
        json.text("rule", terms.rule())
                .objects("stages", terms.stages(), WrittenTerms::write)
                .number("seconds", terms.within().toSeconds());
        if (!terms.rerun().isZero()) {
            json.number("rerun", terms.rerun().toSeconds());
        }
        terms.inTransaction().ifPresent(bound -> json.number("in-transaction", bound.toSeconds()));
    }

    private static void write(JsonWriter json, Stage stage) {
        switch (stage) {
            case Stage.Persons persons ->
                json.objects("approvers", persons.approvers(), WrittenTerms::write)
                        .number("quorum", persons.quorum())
                        .flag("each", persons.each());
            case Stage.Automatic(String name, URI opa, Duration timeout) ->
                json.text("automatic", name).text("opa", opa.toString()).number("millis", timeout.toMillis());
        }
    }

    private static void write(JsonWriter json, ApproverGroup group) {
        json.text("name", group.name())
                .texts("groups", group.groups().stream().sorted().toList());
        group.hours()
                .ifPresent(hours -> json.object(
                        "hours",
                        one -> one.texts(
                                        "days",
                                        hours.days().stream()
                                                .sorted()
                                                .map(DayOfWeek::name)
                                                .toList())
                                .text("from", hours.from().toString())
                                .text("to", hours.to().toString())
                                .text("zone", hours.zone().getId())));
        group.mostPending().ifPresent(most -> json.number("most-pending", most));
    }

    static Terms read(JsonReader json) {
        List<Stage> stages = json.has("stages")
                ? json.objects("stages", WrittenTerms::stage)
                : List.of(Stage.of(
                        Math.toIntExact(json.number("quorum")),
                        List.of(ApproverGroup.of("approvers", Set.copyOf(json.texts("groups"))))));
        return new Terms(
                json.text("rule"),
                stages,
                Duration.ofSeconds(json.number("seconds")),
                json.has("rerun") ? Duration.ofSeconds(json.number("rerun")) : Duration.ZERO,
                json.has("in-transaction")
                        ? Optional.of(Duration.ofSeconds(json.number("in-transaction")))
                        : Optional.empty());
    }

    private static Stage stage(JsonReader json) {
        return json.has("automatic")
                ? new Stage.Automatic(
                        json.text("automatic"), URI.create(json.text("opa")), Duration.ofMillis(json.number("millis")))
                : new Stage.Persons(
                        json.objects("approvers", WrittenTerms::group),
                        Math.toIntExact(json.number("quorum")),
                        json.flag("each"));
    }

    private static ApproverGroup group(JsonReader json) {
        return new ApproverGroup(
                json.text("name"),
                Set.copyOf(json.texts("groups")),
                json.has("hours") ? Optional.of(hours(json.object("hours"))) : Optional.empty(),
                json.has("most-pending")
                        ? OptionalInt.of(Math.toIntExact(json.number("most-pending")))
                        : OptionalInt.empty());
    }

    private static Hours hours(JsonReader json) {
        return new Hours(
                json.texts("days").stream().map(DayOfWeek::valueOf).collect(Collectors.toSet()),
                LocalTime.parse(json.text("from")),
                LocalTime.parse(json.text("to")),
                ZoneId.of(json.text("zone")));
    }
}
