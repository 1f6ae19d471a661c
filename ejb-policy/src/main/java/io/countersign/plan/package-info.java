/**
 * Plans: commands that somebody lists beforehand, others approve as a whole, and somebody else runs, exactly these, in this
 * order, each once. Who may approve one is decided where it is decided for every request ({@code approval.Approvers}).
 */
package io.countersign.plan;
