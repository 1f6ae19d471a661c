package io.countersign.postgres;

import io.countersign.api.Insight;
import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.ReadyForQuery.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Asks the target for the plan of a command that waits, in the client's session and as it is now, and leaves that as it was: in a
 * transaction of its own or, inside the client's, behind a savepoint; read only, for a second at most, and rolled back. Confined
 * to the session's event loop.
 */
final class PlanQuestion {

    private static final String SAVEPOINT = "\"countersign plan\"";

    private static final String SAVEPOINT_OF_RISKS = "\"countersign risks\"";

    /** A second is long for a plan; a lock that is not free at once will not be free soon. */
    private static final List<String> LIMITS =
            List.of("SET LOCAL statement_timeout = 1000", "SET LOCAL lock_timeout = 200");

    private final Asked asked;
    private final String text;
    private final boolean inTransaction;
    private final Pipeline pipeline;
    private final Consumer<Insight> told;
    private final Consumer<String> broken;

    /**
     * @param told   once the session is as it was
     * @param broken with the reason, where it is not
     */
    PlanQuestion(Asked asked, String text, Pipeline pipeline, Consumer<Insight> told, Consumer<String> broken) {
        this.asked = asked;
        this.text = text;
        this.inTransaction = pipeline.presumed() == Status.IN_TRANSACTION;
        this.pipeline = pipeline;
        this.told = told;
        this.broken = broken;
    }

    void ask() {
        if (inTransaction) {
            // This takes no snapshot, as EXPLAIN does: one that lasts as long as the transaction must be the client's.
            send(List.of("SHOW transaction_isolation"), this::isolated);
        } else {
            risks("BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY");
        }
    }

    private void isolated(OwnCycle level) {
        if (level.values().equals(List.of("read committed"))) {
            risks("SAVEPOINT " + SAVEPOINT, "SET TRANSACTION READ ONLY");
        } else {
            told.accept(
                    new Insight.NoPlan(
                            level.failure()
                                    .orElse(
                                            "Its transaction sees the data as of one moment, which planning now could fix too early.")));
        }
    }

    /** Asked where the command would run: what its transaction has made or changed, nobody else sees. */
    private void risks(String... first) {
        List<String> statements = new ArrayList<>(List.of(first));
        statements.addAll(LIMITS);
        statements.add("SAVEPOINT " + SAVEPOINT_OF_RISKS);
        // The question's operators must be PostgreSQL's own. Taken back before the target could report it.
        statements.add("SET LOCAL search_path TO pg_catalog");
        statements.add(PlanRisks.question(asked));
        statements.add("ROLLBACK TO SAVEPOINT " + SAVEPOINT_OF_RISKS);
        send(statements, this::found);
    }

    private void found(OwnCycle risks) {
        if (risks.failure().isPresent()) {
            undo(new Insight.NoPlan(
                    "What planning it may run is not known: " + risks.failure().get() + "."));
        } else if (!risks.values().isEmpty()) {
            undo(new Insight.NoPlan("Planning it may run code that is not PostgreSQL's own: "
                    + String.join(", ", risks.values()) + "."));
        } else {
            explain();
        }
    }

    private void explain() {
        ByteBuf message = Unpooled.buffer();
        Portal portal = asked.portal();
        if (portal == null) {
            OwnStatement.encode(message, text, List.of(), List.of(), List.of());
        } else {
            Bind bind = portal.bind;
            OwnStatement.encode(message, text, portal.prepared.types, bind.formats(), bind.values());
        }
        pipeline.ask(message, 1, new OwnCycle(answer -> undo(read(answer))));
    }

    private static Insight read(OwnCycle answer) {
        if (answer.failure().isPresent()) {
            return new Insight.NoPlan(
                    "The target did not plan it: " + answer.failure().get() + ".");
        }
        try {
            return PlanText.read(String.join("", answer.values()));
        } catch (IOException e) {
            return new Insight.NoPlan("The target's plan cannot be read: " + e.getMessage() + ".");
        }
    }

    private void undo(Insight insight) {
        send(
                inTransaction
                        ? List.of("ROLLBACK TO SAVEPOINT " + SAVEPOINT, "RELEASE SAVEPOINT " + SAVEPOINT)
                        : List.of("ROLLBACK"),
                undone -> undone(undone, insight));
    }

    private void undone(OwnCycle answer, Insight insight) {
        if (answer.failure().isPresent() || answer.status() != (inTransaction ? Status.IN_TRANSACTION : Status.IDLE)) {
            broken.accept(answer.failure().orElse("its transaction is another one"));
        } else {
            told.accept(insight);
        }
    }

    private void send(List<String> statements, Consumer<OwnCycle> ended) {
        ByteBuf messages = Unpooled.buffer();
        statements.forEach(statement -> OwnStatement.encode(messages, statement, List.of(), List.of(), List.of()));
        pipeline.ask(messages, statements.size(), new OwnCycle(ended));
    }
}
