/**
 * The message-driven bean behind the seam, and those whom it asks: {@link io.countersign.gateway.boundary.Admissions} who comes
 * in, {@link io.countersign.gateway.boundary.Gatekeeper} what may pass, {@link io.countersign.gateway.boundary.Departures} who
 * leaves. And the start, the clockwork and the health of the whole.
 */
package io.countersign.gateway.boundary;
