package io.countersign.plan.boundary;

import io.countersign.adapter.boundary.Adapters;
import io.countersign.api.DelegationChain;
import io.countersign.api.Meaning;
import io.countersign.api.Target;
import io.countersign.approval.ApprovalRequest;
import io.countersign.approval.State;
import io.countersign.approval.boundary.Background;
import io.countersign.ledger.boundary.JtaStore;
import io.countersign.ledger.boundary.Ledger;
import io.countersign.plan.CommandPlan;
import io.countersign.plan.Draft;
import io.countersign.plan.Draft.Drafted;
import io.countersign.plan.OpenParameter;
import io.countersign.plan.PlanBook;
import io.countersign.plan.PlanStanding;
import io.countersign.plan.PlanState;
import io.countersign.plan.Submission;
import io.countersign.policy.Planning;
import io.countersign.policy.Policy;
import io.countersign.policy.Role;
import io.countersign.policy.boundary.PolicyInForce;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Plans as planners, executors and readers see them. */
@ApplicationScoped
public class Plans {

    private static final int MOST = 500;

    private static final String LATEST = "SELECT p FROM CommandPlan p ORDER BY p.id DESC";

    private static final String OF_ACCOUNT = "SELECT p FROM CommandPlan p JOIN p.links l WHERE l.issuer = :issuer"
            + " AND l.subject = :subject ORDER BY p.id DESC";

    @Inject
    private Ledger ledger;

    @Inject
    private JtaStore store;

    @Inject
    private PolicyInForce policy;

    @Inject
    private Adapters adapters;

    @Inject
    private PlansRunning running;

    @Inject
    private Background background;

    private final Clock clock = Clock.systemUTC();

    /**
     * What somebody submits.
     *
     * @param settings what the session that runs it declares of what changes the meaning of commands, by name; a
     *                 {@code search_path} among them also says where names without a schema are looked for, else {@code public}
     */
    public record Question(
            DelegationChain planner,
            String target,
            String reason,
            Map<String, String> settings,
            List<Asked> commands) {}

    /** @param parameters what may be bound to it, {@code $1} first */
    public record Asked(String statement, List<OpenParameter> parameters) {}

    /** Judges every command, and asks others to approve them as a whole. */
    public PlanResult submit(Question question) {
        Policy now = policy.current();
        Optional<Planning> planning = now.planning();
        if (planning.isEmpty()
                || Collections.disjoint(
                        planning.get().planners(), question.planner.origin().groups())) {
            return new PlanResult.Refused(List.of(planning.map(plans -> "Only members of "
                            + String.join(
                                    ", ", plans.planners().stream().sorted().toList())
                            + " submit plans.")
                    .orElse("The policy has no plans.")));
        }
        List<Target> targets = now.targets().stream()
                .filter(target -> target.name().equals(question.target))
                .toList();
        if (targets.isEmpty()) {
            return new PlanResult.Wrong("There is no target named " + question.target + ".");
        }
        Target target = targets.getFirst();
        String protocol = target.protocol();
        List<Drafted> commands = new ArrayList<>();
        for (Asked asked : question.commands.subList(0, Math.min(question.commands.size(), Draft.MOST_COMMANDS + 1))) {
            switch (read(target, asked.statement, schemas(question.settings))) {
                case Meaning.Clear clear -> commands.add(new Drafted(clear.content(), asked.parameters));
                case Meaning.Unclear unclear -> {
                    return new PlanResult.Wrong("Command " + (commands.size() + 1) + ": " + unclear.why());
                }
            }
        }
        Draft draft = new Draft(
                question.planner,
                protocol,
                question.target,
                question.reason.strip(),
                new TreeMap<>(question.settings),
                commands);
        Optional<String> wrong = draft.wrong();
        return wrong.isPresent() ? new PlanResult.Wrong(wrong.get()) : judged(now, planning.get(), draft);
    }

    /** In a session pg_catalog comes first where the path does not name it (PostgreSQL 17 §5.10.5). */
    private Meaning read(Target target, String text, List<String> schemas) {
        return adapters.ask(
                target.protocol(),
                connection -> connection.read(
                        text,
                        schemas.contains("pg_catalog")
                                ? schemas
                                : Stream.concat(Stream.of("pg_catalog"), schemas.stream())
                                        .toList(),
                        target));
    }

    private static List<String> schemas(Map<String, String> settings) {
        return Stream.of(settings.getOrDefault("search_path", "public").split(","))
                .map(String::strip)
                .filter(schema -> !schema.isEmpty())
                .toList();
    }

    private PlanResult judged(Policy now, Planning planning, Draft draft) {
        switch (Submission.of(now, planning, draft, rules -> policy.framers(now.revision(), rules), clock.instant())) {
            case Submission.Refused(List<String> reasons) -> {
                Ledger.await(book().refused(draft, reasons));
                return new PlanResult.Refused(reasons);
            }
            case Submission.Acceptable acceptable -> {
                PlanStanding asked = Ledger.await(book().submit(draft, acceptable.held(), planning.lasts()));
                background.announce(asked.request(), State.PENDING);
                return new PlanResult.Done(PlanView.of(asked, State.PENDING));
            }
        }
    }

    /** Ends one that has been approved, and the session that runs it. */
    public PlanResult end(long id, DelegationChain who, Set<Role> roles) {
        Optional<PlanStanding> found = store.aside(
                em -> Optional.ofNullable(em.find(CommandPlan.class, id)).map(CommandPlan::standing));
        if (found.isEmpty()) {
            return new PlanResult.NotFound();
        }
        PlanStanding plan = found.get();
        if (!roles.contains(Role.ADMINISTRATOR)
                && !roles.contains(Role.APPROVER)
                && plan.planner().links().stream().noneMatch(who.actor()::sameAccount)) {
            return new PlanResult.Refused(List.of("Its planner, approvers and administrators end a plan."));
        }
        if (plan.state() == PlanState.PENDING) {
            return new PlanResult.Wrong(
                    "It is not approved yet: withdraw or reject request " + plan.request() + " instead.");
        }
        running.end(plan, who.described() + " ended it");
        return find(id).<PlanResult>map(PlanResult.Done::new).orElseGet(PlanResult.NotFound::new);
    }

    /** The targets that somebody of these groups may plan for, by name; none where they may not plan. */
    public List<String> targets(Set<String> groups) {
        Policy now = policy.current();
        return now.planning()
                .filter(plans -> !Collections.disjoint(plans.planners(), groups))
                .map(plans -> now.targets().stream()
                        .map(Target::name)
                        .distinct()
                        .sorted()
                        .toList())
                .orElse(List.of());
    }

    /** Newest first. Limit is at most 500. */
    public List<PlanView> list(int offset, int limit) {
        return store.aside(em -> views(
                em,
                em.createQuery(LATEST, CommandPlan.class)
                        .setFirstResult(Math.max(offset, 0))
                        .setMaxResults(Math.clamp(limit, 1, MOST))
                        .getResultList()));
    }

    /** Newest first: those in whose planner's chain this identity stands. */
    public List<PlanView> listOf(DelegationChain viewer, int offset, int limit) {
        return store.aside(em -> views(
                em,
                em.createQuery(OF_ACCOUNT, CommandPlan.class)
                        .setParameter("issuer", viewer.actor().issuer())
                        .setParameter("subject", viewer.actor().subject())
                        .setFirstResult(Math.max(offset, 0))
                        .setMaxResults(Math.clamp(limit, 1, MOST))
                        .getResultList()));
    }

    public Optional<PlanView> find(long id) {
        return store.aside(em -> Optional.ofNullable(em.find(CommandPlan.class, id))
                .map(plan -> views(em, List.of(plan)).getFirst()));
    }

    /** Whether somebody reads every plan: who approves, audits or administers, and who may run them. */
    public boolean mayReadAll(DelegationChain viewer, Set<Role> roles) {
        return roles.contains(Role.APPROVER)
                || roles.contains(Role.AUDITOR)
                || roles.contains(Role.ADMINISTRATOR)
                || policy.current()
                        .planning()
                        .filter(plans -> !Collections.disjoint(
                                plans.executors(), viewer.origin().groups()))
                        .isPresent();
    }

    /** Planners read their own, and others as {@link #mayReadAll} says. */
    public boolean mayRead(PlanView plan, DelegationChain viewer, Set<Role> roles) {
        return mayReadAll(viewer, roles) || plan.planner().stream().anyMatch(viewer.actor()::sameAccount);
    }

    private static List<PlanView> views(EntityManager em, List<CommandPlan> plans) {
        return plans.stream()
                .map(CommandPlan::standing)
                .map(plan -> PlanView.of(
                        plan, em.find(ApprovalRequest.class, plan.request()).state()))
                .toList();
    }

    private PlanBook book() {
        return new PlanBook(ledger.committer(), clock);
    }
}
