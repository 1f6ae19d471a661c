package io.countersign.ledger.boundary;

import java.time.Instant;

/**
 * The ledger's signed head.
 *
 * @param size how many entries it covers
 * @param root Merkle tree hash over them (RFC 9162 §2.1), 64 hexadecimal digits
 * @param note the signed note as C2SP tlog-checkpoint has it
 * @param key  the verifier's key in C2SP signed-note form, {@code name+hash+base64}
 */
public record CheckpointView(long size, String root, Instant at, String note, String key) {}
