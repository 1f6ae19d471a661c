/**
 * Stages that an automatic approver answers: Open Policy Agent, asked over its REST data API.
 *
 * <p>The question goes out once the hold is on disk, and holds up nobody: neither an event loop nor the ledger's committer.
 * Whatever is not a clear yes is no. What it may decide has its home in {@link io.countersign.approval.Approvers}.
 */
package io.countersign.automatic;
