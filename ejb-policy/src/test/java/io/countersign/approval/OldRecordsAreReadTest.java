package io.countersign.approval;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.command;
import static io.countersign.approval.Requests.hold;
import static io.countersign.approval.Requests.staged;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Claims;
import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.api.Insight;
import io.countersign.api.SessionId;
import io.countersign.ledger.JsonReader;
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
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OldRecordsAreReadTest {

    @Test
    void termsWrittenBeforeThereWereStagesAreOneStage() {
        Terms read = WrittenTerms.read(
                JsonReader.of("{\"rule\":\"r\",\"groups\":[\"approvers\",\"dba\"],\"quorum\":2,\"seconds\":900}"));
        assertThat(read.rule()).isEqualTo("r");
        assertThat(read.within()).isEqualTo(Duration.ofMinutes(15));
        assertThat(read.stages()).singleElement().isInstanceOfSatisfying(Stage.Persons.class, stage -> {
            assertThat(stage.quorum()).isEqualTo(2);
            assertThat(stage.each()).isFalse();
        });
        assertThat(read.groups()).containsExactlyInAnyOrder("approvers", "dba");
    }

    @Test
    void whatIsWrittenNowIsReadBackWhole() {
        ApproverGroup limited = new ApproverGroup(
                "seniors",
                Set.of("approvers"),
                Optional.of(new Hours(
                        Set.of(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
                        LocalTime.of(8, 30),
                        LocalTime.of(18, 0),
                        ZoneId.of("Europe/Berlin"))),
                OptionalInt.of(5));
        Terms terms = staged(
                Stage.of(2, List.of(limited)),
                new Stage.Automatic("freeze", URI.create("https://opa.example/v1/data/freeze"), Duration.ofSeconds(3)),
                Stage.all(List.of(limited, ApproverGroup.of("dba", Set.of("dba")))));
        Identity mailed = new Identity(
                ALICE.issuer(),
                "alice",
                "Alice",
                Set.of(),
                Identity.Kind.PERSON,
                new Claims(Optional.of("alice@example.com"), Optional.of("c"), Map.of("robot", "false")));
        Held held = Held.of(
                command(DelegationChain.of(mailed), new SessionId(UUID.randomUUID()), 1), hold(terms), List.of());
        assertThat(WrittenHeld.read(WrittenHeld.text(held))).isEqualTo(held);
        Held seen = held.with(List.of(
                new Insight.Plan(List.of("Delete on orders", "  Seq Scan on orders"), 0, OptionalLong.of(2)),
                new Insight.Plan(List.of("Result"), 1, OptionalLong.empty()),
                new Insight.NoPlan("a reason"),
                new Insight.Locks(List.of("RowExclusiveLock on table public.orders")),
                new Insight.NoLocks("another")));
        assertThat(WrittenHeld.read(WrittenHeld.text(seen))).isEqualTo(seen);
    }
}
