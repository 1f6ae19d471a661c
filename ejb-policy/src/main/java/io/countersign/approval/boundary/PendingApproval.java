package io.countersign.approval.boundary;

import io.countersign.api.DelegationChain;
import io.countersign.approval.Choice;
import io.countersign.approval.HeldCommand;
import io.countersign.approval.Standing;
import io.countersign.approval.State;
import io.countersign.approval.Voted;
import io.countersign.ledger.Entry;
import io.countersign.policy.Stage;
import jakarta.ejb.AccessTimeout;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Remove;
import jakarta.ejb.Stateful;
import jakarta.ejb.StatefulTimeout;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One held command for as long as it waits: the container lets one caller in at a time, so that two approvers come one
 * after the other. What must survive a restart is in the store; a bean that is gone leaves a row that is then closed as
 * abandoned.
 */
@Stateful(passivationCapable = false)
@LocalBean
@StatefulTimeout(-1)
@AccessTimeout(value = 15, unit = TimeUnit.SECONDS)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class PendingApproval {

    private @Nullable HeldCommand command;

    /** Opens the request; {@code numbered} is told its number before anybody else can know it. */
    public CompletableFuture<Standing> open(HeldCommand held, Entry entry, LongConsumer numbered) {
        command = held;
        return held.open(entry, numbered);
    }

    public CompletableFuture<Voted> vote(DelegationChain voter, Choice choice, String comment) {
        return held().vote(voter, choice, comment);
    }

    public CompletableFuture<Voted> answer(Stage.Automatic approver, Choice choice, String reason) {
        return held().answer(approver, choice, reason);
    }

    public CompletableFuture<Voted> withdrawVote(DelegationChain voter) {
        return held().withdrawVote(voter);
    }

    /** Ends it without a vote; how it stands then, whatever ended it. */
    public CompletableFuture<Optional<Standing>> end(State to, String why) {
        return held().end(to, why);
    }

    @Remove
    public void forget() {
        command = null;
    }

    private HeldCommand held() {
        if (command == null) {
            throw new IllegalStateException("no command is held here yet");
        }
        return command;
    }
}
