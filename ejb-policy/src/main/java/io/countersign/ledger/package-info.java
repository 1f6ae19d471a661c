/**
 * The tamper-evident record: append, group commit, hashing, checkpoints, proofs.
 *
 * <p>What happens is one entry each, canonical JSON bytes. Entries are committed in blocks, one row and one transaction
 * for many, by one committer: whatever must be decided by whoever comes first (votes, withdrawals, expiry) is decided
 * there, in the order of the record. The entries are the leaves of a Merkle tree (RFC 9162 §2.1) whose head is signed.
 *
 * <p>Knows nothing of the packages beside it.
 */
package io.countersign.ledger;
