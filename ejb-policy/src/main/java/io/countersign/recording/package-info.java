/**
 * What was asked and answered, as the client saw it: one append-only file for each session, in compressed chunks that are
 * forced to disk as they are written and chained by hash. The chain's end stands in the ledger when the session is over.
 */
package io.countersign.recording;
