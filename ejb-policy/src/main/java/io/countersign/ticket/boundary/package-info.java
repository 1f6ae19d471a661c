/** Tickets inside the container: making and revoking them, signing in with them, and the sessions that they opened. */
package io.countersign.ticket.boundary;
