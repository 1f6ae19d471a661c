package io.countersign.approval;

import io.countersign.api.Identity;
import java.time.Instant;

/** One person's vote as it was counted, with the groups that the voter had then; or an automatic approver's answer. */
public record Ballot(Identity voter, Choice choice, String comment, Instant at) {

    /** Whether no person gave it: it counts at the automatic approver's own stage, and nowhere else. */
    public boolean automatic() {
        return voter.kind() != Identity.Kind.PERSON;
    }
}
