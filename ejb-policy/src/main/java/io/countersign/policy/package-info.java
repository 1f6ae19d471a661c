/**
 * The decision point: pure functions over immutable, compiled rules.
 *
 * <p>Knows identities and effects and never bytes; imports nothing of Jakarta. Deny by default; refuse wins over hold wins
 * over permit; a rule whose condition fails to evaluate refuses.
 */
package io.countersign.policy;
