package io.countersign.approval;

import io.countersign.api.Command;
import io.countersign.api.Content;
import io.countersign.api.DelegationChain;
import io.countersign.api.Digest;
import io.countersign.api.Effect;
import io.countersign.api.Identity;
import io.countersign.api.Resource;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import io.countersign.approval.Held.Owner;
import io.countersign.identity.People;
import io.countersign.policy.ApproverGroup;
import io.countersign.policy.Decision;
import io.countersign.policy.Decision.Reason;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.Decision.Terms;
import io.countersign.policy.Stage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** People and requests to test with. */
public final class Requests {

    public static final String ISSUER = "https://issuer.example";

    public static final Identity ALICE = person("alice", "engineers");
    public static final Identity BOB = person("bob", "approvers");
    public static final Identity CAROL = person("carol", "approvers");
    public static final Identity DAVE = person("dave", "approvers", "security");
    public static final Identity BOT =
            new Identity(ISSUER, "bot", "deploy-bot", Set.of("approvers"), Identity.Kind.AGENT);

    private Requests() {}

    public static Identity person(String name, String... groups) {
        return new Identity(ISSUER, name, name, Set.of(groups), Identity.Kind.PERSON);
    }

    public static Terms terms(int quorum, String... groups) {
        return staged(Stage.of(quorum, List.of(group(groups))));
    }

    /** Terms of the one rule that everything here is held by. */
    public static Terms staged(Stage... stages) {
        return new Terms("delete-needs-approval", List.of(stages), Duration.ofMinutes(15));
    }

    /** The same terms, for commands that may come again after their client has gone. */
    public static Terms comingAgain(Terms terms, Duration rerun) {
        return new Terms(terms.rule(), terms.stages(), terms.within(), rerun, terms.inTransaction());
    }

    /** The same terms, for commands that may keep a transaction open for so long only. */
    public static Terms inTransaction(Terms terms, Duration within) {
        return new Terms(terms.rule(), terms.stages(), terms.within(), terms.rerun(), Optional.of(within));
    }

    public static ApproverGroup group(String... groups) {
        return ApproverGroup.of(String.join("-", groups), Set.of(groups));
    }

    /** Where the policy says nothing of anybody, and nobody has voted elsewhere. */
    public static Circumstances plain() {
        return new Circumstances(People.UNKNOWN, Instant.EPOCH, 0);
    }

    public static Command command(DelegationChain requester, SessionId session, long number) {
        byte[] bytes = "DELETE FROM orders WHERE id = 7".getBytes(StandardCharsets.UTF_8);
        return new Command(
                new Session(session, requester, "postgres", "shop", "127.0.0.1:5", Instant.EPOCH, Instant.MAX),
                number,
                Command.Phase.RUN,
                new Content(
                        new String(bytes, StandardCharsets.UTF_8),
                        Digest.of(bytes),
                        List.of("DELETE"),
                        List.of(Effect.of("sql:delete", new Resource("table", List.of("public", "orders")))),
                        Set.of("id")),
                List.of(),
                Map.of("role", "app"));
    }

    /** The same command, within a transaction that stays open while it waits. */
    public static Command inTransaction(Command command) {
        return new Command(
                command.session(),
                command.number(),
                command.phase(),
                command.content(),
                command.binds(),
                command.state(),
                true);
    }

    public static Decision hold(Terms... terms) {
        return new Decision(
                Ruling.HOLD,
                List.of(new Reason(
                        "sql:delete on table public.orders",
                        Ruling.HOLD,
                        "delete-needs-approval",
                        "support.yaml",
                        12,
                        "Deleting orders needs a second pair of eyes.")),
                List.of(),
                List.of(terms),
                Set.of("support"),
                "revision-1");
    }

    public static Standing pending(DelegationChain requester, List<Ballot> votes, List<Owner> owners, Terms... terms) {
        Held held = Held.of(command(requester, new SessionId(UUID.randomUUID()), 1), hold(terms), owners);
        return new Standing(
                1, State.PENDING, held, Instant.EPOCH, Instant.EPOCH.plusSeconds(900), Optional.empty(), votes);
    }

    public static Ballot approves(Identity voter) {
        return new Ballot(voter, Choice.APPROVE, "", Instant.EPOCH);
    }
}
