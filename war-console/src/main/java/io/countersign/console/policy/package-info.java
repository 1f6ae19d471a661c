/** The policy in force, as its files say it: where every decision's reason can be looked up by file and line. */
package io.countersign.console.policy;
