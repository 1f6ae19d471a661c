package io.countersign.approval;

import io.countersign.api.Identity;
import java.time.Instant;

/** One person's vote as it was counted, with the groups that the voter had then. */
public record Ballot(Identity voter, Choice choice, String comment, Instant at) {}
