/**
 * The policy in force, as its files say it: where every decision's reason can be looked up by file and line. And its
 * changes, which somebody else than their author approves.
 */
package io.countersign.console.policy;
