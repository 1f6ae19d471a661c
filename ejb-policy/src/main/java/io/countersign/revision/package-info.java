/**
 * The policy under four eyes: a change of it is itself a command that somebody else countersigns.
 *
 * <p>What is in force is what the store says, not what a folder holds: revisions are proposed, voted on and take effect
 * here, each step with its entry in one transaction of the ledger's. Whether somebody may countersign one is said by
 * {@link io.countersign.approval.Approvers}.
 */
package io.countersign.revision;
