package io.countersign.approval.attack;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.BOT;
import static io.countersign.approval.Requests.CAROL;
import static io.countersign.approval.Requests.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Bind;
import io.countersign.api.Command;
import io.countersign.api.Content;
import io.countersign.api.DelegationChain;
import io.countersign.api.Digest;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import io.countersign.approval.Held;
import io.countersign.approval.Requests;
import io.countersign.approval.State;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The attack: have one thing approved and run another. */
@Timeout(60)
class AnEditedCommandIsAnotherOneTest {

    private Office office;

    @BeforeEach
    void open() throws Exception {
        office = new Office();
    }

    @AfterEach
    void close() throws Exception {
        office.close();
    }

    private static final UUID ID = UUID.randomUUID();

    private static Digest binding(String text, String role, DelegationChain chain, String revision) {
        return binding(text, List.of(), role, chain, revision);
    }

    private static Digest binding(String text, List<Bind> binds, String role, DelegationChain chain, String revision) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Command template = Requests.command(chain, new SessionId(ID), 1);
        Command command = new Command(
                new Session(new SessionId(ID), chain, "postgres", "shop", "c", Instant.EPOCH, Instant.MAX),
                1,
                Command.Phase.RUN,
                new Content(
                        text,
                        Digest.of(bytes),
                        List.of("DELETE"),
                        template.content().effects(),
                        Set.of()),
                binds,
                Map.of("role", role));
        return Held.binding(command.digest(), revision);
    }

    @Test
    void whateverOfItIsAnother() {
        DelegationChain alice = DelegationChain.of(ALICE);
        Set<Digest> bindings = new HashSet<>(List.of(
                binding("DELETE FROM t WHERE id = 7", "app", alice, "r1"),
                binding("DELETE FROM t WHERE id = 8", "app", alice, "r1"),
                binding("DELETE FROM t WHERE id = 7 ", "app", alice, "r1"),
                binding("DELETE FROM t WHERE id = 7", "owner", alice, "r1"),
                binding("DELETE FROM t WHERE id = 7", "app", DelegationChain.of(ALICE, BOT), "r1"),
                binding("DELETE FROM t WHERE id = 7", "app", alice, "r2")));
        assertThat(bindings).hasSize(6);
    }

    @Test
    void orTheSameBytesAreReadAsAnotherValue() {
        byte[] bytes = {'0', '0', '0', '7'};
        assertThat(bound(new Bind("int4", "0007", bytes))).isNotEqualTo(bound(new Bind("int4", "808464439", bytes)));
    }

    private static Digest bound(Bind value) {
        return binding("DELETE FROM t WHERE id = $1", List.of(value), "app", DelegationChain.of(ALICE), "r1");
    }

    @Test
    void andAsksAnew() throws Exception {
        long approved = office.held(DelegationChain.of(ALICE), List.of(), terms(1, "approvers"));
        office.approve(approved, BOB);
        long again = office.held(DelegationChain.of(ALICE), List.of(), terms(1, "approvers"));
        assertThat(again).isNotEqualTo(approved);
        assertThat(Office.state(office.approve(again, CAROL))).isEqualTo(State.APPROVED);
    }
}
