/** Tickets: making one, reading its secret once, revoking it. */
package io.countersign.console.tickets;
