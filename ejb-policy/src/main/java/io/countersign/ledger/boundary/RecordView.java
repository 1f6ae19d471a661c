package io.countersign.ledger.boundary;

import java.time.Instant;

/**
 * One entry of the ledger.
 *
 * @param seq  its place, from 0; its leaf index in the Merkle tree
 * @param type what happened: {@code command}, {@code vote}, {@code release}, …
 * @param json the exact bytes that are hashed: canonical JSON
 */
public record RecordView(long seq, Instant at, String type, String json) {}
