/**
 * Tickets: short secrets, each for one target and a short time, that sign in where a token is too long for the client. They stand
 * for the identity and the whole delegation chain that they were made for, and are kept as a hash only.
 */
package io.countersign.ticket;
