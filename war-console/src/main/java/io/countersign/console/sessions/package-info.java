/** Sessions, running and past, and their replay: every statement with its decision and the answer its client saw. */
package io.countersign.console.sessions;
