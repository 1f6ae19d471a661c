/** The ledger in the container: its store, its one committer's thread, its signed head. */
package io.countersign.ledger.boundary;
