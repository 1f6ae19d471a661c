/**
 * Where connectors meet the rest: sign-in, judgement, hold, outcome, in the order in which a command passes. What is decided
 * elsewhere is joined here and put on the ledger before it is answered.
 */
package io.countersign.gateway;
