/**
 * Held commands, and who may let them go: requests, votes, quorum, separation.
 *
 * <p>Whether somebody may approve something has one home, {@link io.countersign.approval.Approvers}. What becomes of a
 * request is decided by the ledger's committer, one thing after the other, so of an approval, a rejection, an expiry, a
 * withdrawal and a lost connection that arrive together the first wins and the others see what it did.
 */
package io.countersign.approval;
