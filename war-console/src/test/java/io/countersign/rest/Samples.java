package io.countersign.rest;

import io.countersign.api.Command;
import io.countersign.api.Identity;
import io.countersign.api.Insight;
import io.countersign.api.Outcome;
import io.countersign.approval.Ballot;
import io.countersign.approval.Choice;
import io.countersign.approval.Matter;
import io.countersign.approval.State;
import io.countersign.approval.boundary.RequestView;
import io.countersign.approval.boundary.RequestView.BindView;
import io.countersign.approval.boundary.RequestView.ExcludedView;
import io.countersign.approval.boundary.RequestView.StageView;
import io.countersign.approval.boundary.RequestView.TermView;
import io.countersign.approval.boundary.RequestView.VoteView;
import io.countersign.grant.GrantStanding;
import io.countersign.grant.boundary.GrantView;
import io.countersign.plan.PlanState;
import io.countersign.plan.boundary.PlanView;
import io.countersign.policy.Change;
import io.countersign.policy.Decision;
import io.countersign.policy.Policy.SourceFile;
import io.countersign.revision.ProposalState;
import io.countersign.revision.Source;
import io.countersign.revision.boundary.ProposalView;
import io.countersign.session.boundary.CommandView;
import io.countersign.session.boundary.SessionView;
import io.countersign.ticket.boundary.TicketView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** View records with every member filled. */
final class Samples {

    static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    static final Identity ALICE =
            new Identity("https://issuer.example", "a1", "alice", Set.of("support"), Identity.Kind.PERSON);
    static final Identity BOT =
            new Identity("https://issuer.example", "b1", "deploy-bot", Set.of(), Identity.Kind.AGENT);
    static final Identity BOB =
            new Identity("https://issuer.example", "b2", "bob", Set.of("approvers"), Identity.Kind.PERSON);
    static final Decision.Reason REASON = new Decision.Reason(
            "sql:delete on table public.orders", Decision.Ruling.HOLD, "two-persons", "shop.yaml", 12, "Two see more.");
    static final VoteView VOTE = new VoteView(BOB, Choice.APPROVE, "fine", NOON.plusSeconds(60));

    private Samples() {}

    static RequestView request(State state) {
        return new RequestView(
                17,
                Matter.COMMAND,
                state,
                "019391a2-7c1e-7b3a-9d20-4f2a9c31be07",
                4,
                List.of(ALICE, BOT),
                "postgres",
                "shop",
                "DELETE FROM orders WHERE id = $1",
                List.of(new BindView("int4", "7"), new BindView("text", null)),
                List.of("sql:delete on table public.orders"),
                List.of(REASON),
                Map.of("search_path", "public"),
                "3b1f",
                "9f2c",
                List.of(new TermView(
                        "two-persons",
                        new TreeSet<>(Set.of("approvers")),
                        1,
                        1,
                        List.of(new StageView(
                                List.of("shop-approvers"),
                                new TreeSet<>(Set.of("approvers")),
                                1,
                                false,
                                1,
                                false,
                                true,
                                Optional.of("freeze"))))),
                true,
                Duration.ofMinutes(10),
                true,
                NOON,
                NOON.plusSeconds(900),
                state == State.PENDING ? Optional.empty() : Optional.of(NOON.plusSeconds(60)),
                List.of(VOTE),
                List.of(BOB),
                List.of(new ExcludedView(ALICE, List.of("alice asks herself."))),
                List.of(new Insight.Plan(List.of("Delete on orders"), 0, OptionalLong.of(2))));
    }

    static ProposalView proposal() {
        return new ProposalView(
                5,
                ProposalState.SUPERSEDED,
                Source.UPLOAD,
                "9f2c",
                Optional.of("8e1b"),
                "alice",
                "as agreed",
                1,
                1,
                List.of(new Change(Change.Kind.WIDENS, "Members of interns gain duty support.")),
                List.of(new SourceFile("shop.yaml", "duties: []")),
                NOON,
                Optional.of(NOON.plusSeconds(60)),
                Optional.of(NOON.plusSeconds(900)),
                List.of(new Ballot(BOB, Choice.APPROVE, "fine", NOON.plusSeconds(60))));
    }

    static GrantView grant() {
        return new GrantView(
                7,
                GrantStanding.Kind.BREAK_GLASS,
                List.of(ALICE),
                "shop",
                "mend-orders",
                "orders are stuck",
                Duration.ofMinutes(30),
                Optional.of("019391a2-7c1e-7b3a-9d20-4f2a9c31be07"),
                NOON,
                Optional.of(NOON),
                Optional.of(NOON.plusSeconds(1_800)),
                Optional.of(NOON.plusSeconds(600)),
                Optional.of("alice ended it"),
                18,
                State.PENDING,
                false);
    }

    static TicketView ticket() {
        return new TicketView(
                7,
                List.of(ALICE),
                "postgres",
                "shop",
                "my terminal",
                NOON,
                NOON.plusSeconds(3_600),
                Optional.of(NOON.plusSeconds(60)),
                Optional.of(NOON.plusSeconds(600)),
                Optional.of("alice revoked it"),
                false);
    }

    static PlanView plan() {
        return new PlanView(
                7,
                PlanState.ENDED,
                List.of(ALICE),
                List.of(BOT),
                "shop",
                "month end",
                new TreeMap<>(Map.of("timezone", "UTC")),
                List.of(new PlanView.StepView(
                        1,
                        "DELETE FROM orders WHERE id = $1",
                        List.of(new PlanView.ParameterView("integer", "from 1 to 100")),
                        List.of("sql:delete on table public.orders"),
                        Optional.of(4L),
                        Optional.of(NOON),
                        Optional.of(Outcome.Status.DONE),
                        "DELETE 1",
                        1)),
                1,
                "9f2c",
                18,
                State.APPROVED,
                Optional.of("019391a2-7c1e-7b3a-9d20-4f2a9c31be07"),
                NOON,
                Optional.of(NOON.plusSeconds(1_800)),
                Optional.of(NOON.plusSeconds(600)),
                Optional.of("alice ended it"));
    }

    static SessionView session() {
        return new SessionView(
                "019391a2-7c1e-7b3a-9d20-4f2a9c31be07",
                List.of(ALICE),
                "postgres",
                "shop",
                "127.0.0.1:50000",
                NOON,
                Optional.of(NOON.plusSeconds(5)),
                Optional.of("the client left"),
                3,
                1,
                0);
    }

    static CommandView command() {
        return new CommandView(
                101,
                4,
                NOON,
                Command.Phase.RUN,
                List.of("DELETE"),
                "DELETE FROM orders WHERE id = $1",
                List.of(new BindView("int4", "7")),
                List.of("sql:delete on table public.orders"),
                Decision.Ruling.HOLD,
                List.of(REASON),
                "9f2c",
                List.of(7L),
                Optional.of(new CommandView.RequestOutcome(17, State.APPROVED, List.of(VOTE))),
                Optional.of(new CommandView.OutcomeView(
                        Outcome.Status.DONE, "DELETE 1", 1, 13, Duration.ofMillis(2), NOON.plusSeconds(61))));
    }
}
