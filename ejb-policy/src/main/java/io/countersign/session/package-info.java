/**
 * Conversations of one identity with one target: which are open, which there were, and what was asked in them.
 *
 * <p>A session is a row; its commands are entries of the ledger. Where they are is projected from the blocks just behind, as
 * spans, and can be made again from them.
 */
package io.countersign.session;
