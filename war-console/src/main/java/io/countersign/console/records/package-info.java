/** The ledger's entries, for auditors. */
package io.countersign.console.records;
