package io.countersign.policy;

import io.countersign.api.DelegationChain;
import io.countersign.api.Effect;
import java.time.Instant;

/**
 * What somebody has done to an object: one effect of a command that ran, or that may still run because it is held.
 *
 * @param by      the whole delegation chain that asked for it
 * @param command its number within the session
 */
public record Deed(DelegationChain by, Effect effect, String session, long command, Instant at) {}
