/**
 * The PostgreSQL connector: speaks the frontend/backend protocol to clients and to targets, and forwards a command only
 * once it is judged.
 *
 * <p>{@link io.countersign.postgres.PostgresStart} brings a connection from its first byte to sign-in,
 * {@link io.countersign.postgres.PostgresTarget} dials upstream, and {@link io.countersign.postgres.PostgresSession} is
 * one client's story from there: {@link io.countersign.postgres.Requests} reads the client and asks for verdicts,
 * {@link io.countersign.postgres.Answers} reads the target, hides what must be hidden and relays.
 * {@link io.countersign.postgres.PostgresAdapter} and its neighbours are for the container only;
 * {@link io.countersign.postgres.PostgresPort} is the same without it.
 *
 * @see <a href="https://www.postgresql.org/docs/18/protocol.html">Frontend/Backend Protocol</a>
 */
package io.countersign.postgres;
