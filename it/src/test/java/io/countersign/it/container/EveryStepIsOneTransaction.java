package io.countersign.it.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Command;
import io.countersign.api.Content;
import io.countersign.api.DelegationChain;
import io.countersign.api.Digest;
import io.countersign.api.Effect;
import io.countersign.api.Identity;
import io.countersign.api.Resource;
import io.countersign.api.Session;
import io.countersign.api.Verdict;
import io.countersign.approval.Choice;
import io.countersign.approval.RequestChanged;
import io.countersign.approval.State;
import io.countersign.approval.boundary.Approvals;
import io.countersign.approval.boundary.VoteResult;
import io.countersign.automatic.boundary.AutomaticApprovers;
import io.countersign.gateway.boundary.ContextualInstance;
import io.countersign.gateway.boundary.Gatekeeper;
import io.countersign.grant.boundary.GrantsInUse;
import io.countersign.ledger.LedgerUnavailable;
import io.countersign.ledger.boundary.JtaStore;
import io.countersign.ledger.boundary.Ledger;
import io.countersign.ledger.boundary.RecordView;
import io.countersign.plan.boundary.PlansRunning;
import io.countersign.policy.boundary.PolicyChanged;
import io.countersign.policy.boundary.PolicyInForce;
import io.countersign.recording.boundary.Recordings;
import io.countersign.session.SessionIds;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.transaction.UserTransaction;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.hibernate.SessionFactory;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Inside the container: stateful beans, JTA, Hibernate and the store, as they are when the gateway runs. */
@ExtendWith(ArquillianExtension.class)
class EveryStepIsOneTransaction {

    private static final String ISSUER = "https://issuer.example";
    private static final DelegationChain ALICE = person("alice", "support");
    private static final DelegationChain BOB = person("bob", "approvers");
    private static final DelegationChain CAROL = person("carol", "approvers");

    /** Of a process that died. */
    private static final String DEAD = "019a0000-0000-7000-8000-000000000001";

    private static final long LEFT_PENDING = 4711;

    private static final String ALICES = """
            "chain":[{"issuer":"https://issuer.example","subject":"alice","name":"alice","groups":["support"],"kind":"PERSON"}]""";

    private static final String HELD = """
            {"session":"%s","command":1,%s,"protocol":"postgres","target":"shop","kinds":["DELETE"],\
            "statement":"DELETE FROM orders","binds":[],"effects":["sql:delete on table public.orders"],"reasons":[],\
            "state":{},"digest":"%s","policy":"r1",\
            "terms":[{"rule":"r","groups":["approvers"],"quorum":1,"seconds":900}],"owners":[]}""".formatted(DEAD, ALICES, "0".repeat(64));

    @Inject
    private Approvals approvals;

    @Inject
    private BeanManager beans;

    @Inject
    private Gatekeeper gatekeeper;

    @Inject
    private Ledger ledger;

    @Inject
    private JtaStore store;

    @Inject
    private GrantsInUse grants;

    @Inject
    private AutomaticApprovers automatic;

    @Inject
    private Event<RequestChanged> requests;

    @Inject
    private Event<PolicyChanged> policies;

    @jakarta.annotation.Resource(lookup = "java:app/jdbc/countersign")
    private DataSource source;

    @jakarta.annotation.Resource(lookup = "java:comp/DefaultManagedExecutorService")
    private ManagedExecutorService executor;

    @jakarta.annotation.Resource(lookup = "java:comp/UserTransaction")
    private UserTransaction transaction;

    @Deployment
    static EnterpriseArchive gateway() {
        GatewayWithATest.storeThatHolds(
                """
                INSERT INTO session (id, chain, protocol, target, client, started)
                VALUES ('%s', '{%s}', 'postgres', 'shop', '127.0.0.1:5', CURRENT_TIMESTAMP)""".formatted(DEAD, ALICES), """
                INSERT INTO approval_request (id, state, session_id, command, digest, since, until, held)
                VALUES (%d, 'PENDING', '%s', 1, '%s', CURRENT_TIMESTAMP, DATEADD(HOUR, 1, CURRENT_TIMESTAMP), '%s')""".formatted(LEFT_PENDING, DEAD, "0".repeat(64), HELD));
        return GatewayWithATest.of(EveryStepIsOneTransaction.class);
    }

    @Test
    void commandsAreAskedWithoutAProxyInBetween() {
        for (Class<?> passed : List.of(
                Gatekeeper.class,
                PolicyInForce.class,
                Ledger.class,
                GrantsInUse.class,
                PlansRunning.class,
                Recordings.class)) {
            assertThat(ContextualInstance.of(beans, passed)).isExactlyInstanceOf(passed);
        }
        assertThat(ContextualInstance.of(beans, Ledger.class).committer()).isSameAs(ledger.committer());
    }

    @Test
    void ofTwoApproversAtOnceOneReleasesAndTheOtherHearsThatItIsOver() throws Exception {
        for (int run = 0; run < 10; run++) {
            long request = held(run);
            CyclicBarrier together = new CyclicBarrier(2);
            List<Future<VoteResult>> casting = new ArrayList<>();
            for (DelegationChain voter : List.of(BOB, CAROL)) {
                casting.add(executor.submit(() -> {
                    together.await(10, TimeUnit.SECONDS);
                    return approvals.vote(request, voter, Choice.APPROVE, "");
                }));
            }
            List<VoteResult> results = new ArrayList<>();
            for (Future<VoteResult> each : casting) {
                results.add(each.get(20, TimeUnit.SECONDS));
            }

            assertThat(results)
                    .hasAtLeastOneElementOfType(VoteResult.Counted.class)
                    .contains(new VoteResult.Closed(State.APPROVED));
            assertThat(recorded(request)).startsWith("request-held", "vote", "release", "vote-refused");
            assertThat(count("approval_vote", request)).isEqualTo(1);
        }
    }

    @Test
    void aReleaseThatCannotBeStoredTakesItsVoteAndItsRecordsBackAndMayBeTriedAgain() throws Exception {
        long request = held(100);
        // The vote is inserted, and then the request cannot become approved.
        sql("ALTER TABLE approval_request ADD CONSTRAINT no_release CHECK (id <> " + request
                + " OR state <> 'APPROVED')");

        assertThatThrownBy(() -> approvals.vote(request, BOB, Choice.APPROVE, "in vain"))
                .hasStackTraceContaining("LedgerUnavailable");

        assertThat(count("approval_vote", request)).isZero();
        assertThat(recorded(request)).containsExactly("request-held");
        assertThat(approvals.find(request).orElseThrow().state()).isEqualTo(State.PENDING);
        sql("ALTER TABLE approval_request DROP CONSTRAINT no_release");
        assertThat(approvals.vote(request, BOB, Choice.APPROVE, "once more")).isInstanceOf(VoteResult.Counted.class);
        assertThat(recorded(request)).startsWith("request-held", "vote", "release");
    }

    /** What the connector has been told cannot be taken back by whoever calls from a transaction of its own. */
    @Test
    void aCallersRollbackDoesNotTakeAVoteBack() throws Exception {
        long request = held(101);
        transaction.begin();
        try {
            approvals.vote(request, BOB, Choice.APPROVE, "");
        } finally {
            transaction.rollback();
        }
        assertThat(approvals.find(request).orElseThrow().state()).isEqualTo(State.APPROVED);
        assertThat(count("approval_vote", request)).isEqualTo(1);
        assertThat(recorded(request)).startsWith("request-held", "vote", "release");
    }

    @Test
    void whatDeadSessionsLeftPendingIsAbandonedAtTheStart() {
        assertThat(approvals.find(LEFT_PENDING).orElseThrow().state()).isEqualTo(State.ABANDONED);
        assertThat(recorded(LEFT_PENDING)).containsExactly("request-abandoned");
        assertThat(approvals.vote(LEFT_PENDING, BOB, Choice.APPROVE, ""))
                .isEqualTo(new VoteResult.Closed(State.ABANDONED));
        assertThat(entries().stream()
                        .filter(entry -> entry.type().equals("session-closed"))
                        .map(RecordView::json))
                .anyMatch(json -> json.contains(DEAD));
    }

    /** It would be in use here until its time is over, though the store says that it ended; or not at all, as in this case. */
    @Test
    void aGrantThatChangedAsTheStoreFailedIsReadOnceTheStoreIsBack() throws Exception {
        sql(
                "INSERT INTO duty_grant (id, kind, request_id, holder, target, duty, reason, seconds, asked) VALUES (1, 'GRANT', "
                        + LEFT_PENDING + ", '{" + ALICES + "}', 'shop', 'mend', 'stuck', 600, CURRENT_TIMESTAMP)");
        grants.reload();
        assertThat(grants.count()).isZero();
        sql("UPDATE duty_grant SET since = CURRENT_TIMESTAMP, until = DATEADD(HOUR, 1, CURRENT_TIMESTAMP)");
        withoutTable(
                "duty_grant",
                () -> assertThatCode(() -> requests.fire(new RequestChanged(LEFT_PENDING, State.APPROVED)))
                        .as("what others who observe it depend on")
                        .doesNotThrowAnyException());

        grants.turn();
        assertThat(grants.count()).isOne();
        sql("UPDATE duty_grant SET ended = CURRENT_TIMESTAMP");
        grants.reload();
    }

    @Test
    void whatAutomaticApproversAreToBeAskedIsLookedForUntilTheStoreCanSayIt() throws Exception {
        withoutTable("approval_request", () -> {
            policies.fire(new PolicyChanged("r1"));
            Instant end = Instant.now().plusSeconds(10);
            int failed = 0;
            while (failed < 3 && Instant.now().isBefore(end)) {
                try {
                    automatic.turn();
                } catch (LedgerUnavailable e) {
                    failed++;
                }
            }
            assertThat(failed).isEqualTo(3);
        });
        assertThatCode(automatic::turn).doesNotThrowAnyException();
    }

    @Test
    void everyMappingFitsTheMigratedSchema() {
        SessionFactory mappings = store.aside(em -> em.getEntityManagerFactory().unwrap(SessionFactory.class));
        assertThatCode(() -> mappings.getSchemaManager().validateMappedObjects())
                .doesNotThrowAnyException();
    }

    /** Has alice ask for something that needs a second person. */
    private long held(int number) throws Exception {
        String text = "DELETE FROM orders WHERE id = " + number;
        Instant now = Instant.now();
        Verdict verdict = gatekeeper
                .judge(new Command(
                        new Session(SessionIds.next(now), ALICE, "postgres", "shop", "127.0.0.1:5", now, Instant.MAX),
                        1,
                        Command.Phase.RUN,
                        new Content(
                                text,
                                Digest.of(text.getBytes(StandardCharsets.UTF_8)),
                                List.of("DELETE"),
                                List.of(Effect.of("sql:delete", new Resource("table", List.of("public", "orders")))),
                                Set.of()),
                        List.of(),
                        Map.of()))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        assertThat(verdict).isInstanceOf(Verdict.Hold.class);
        return ((Verdict.Hold) verdict).request();
    }

    /** What happened to a request, in the order of the ledger. */
    private List<String> recorded(long request) {
        return entries().stream()
                .filter(entry -> entry.json().contains("\"request\":" + request + ","))
                .map(RecordView::type)
                .toList();
    }

    private List<RecordView> entries() {
        return ledger.after(-1, 1_000);
    }

    private long count(String table, long request) {
        return store.aside(
                em -> ((Number) em.createNativeQuery("SELECT COUNT(*) FROM " + table + " WHERE request_id = " + request)
                                .getSingleResult())
                        .longValue());
    }

    /** As if the store failed, for whoever needs this table. */
    private void withoutTable(String table, Runnable meanwhile) throws SQLException {
        sql("ALTER TABLE " + table + " RENAME TO away");
        try {
            meanwhile.run();
        } finally {
            sql("ALTER TABLE away RENAME TO " + table);
        }
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement open = connection.createStatement()) {
            open.execute(statement);
        }
    }

    private static DelegationChain person(String name, String... groups) {
        return DelegationChain.of(new Identity(ISSUER, name, name, Set.of(groups), Identity.Kind.PERSON));
    }
}
