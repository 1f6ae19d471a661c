/** The queue of held commands, which updates by itself. */
package io.countersign.console.queue;
