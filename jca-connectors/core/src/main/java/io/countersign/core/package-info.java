/**
 * What every connector shares: {@link io.countersign.core.Listener} accepts, {@link io.countersign.core.LiveSession} is
 * the life cycle of one session, {@link io.countersign.core.Endpoint} the way to the policy side,
 * {@link io.countersign.core.Masker} hides values and {@link io.countersign.core.Recorder} taps what was said.
 *
 * <p>A session lives on one Netty event loop, with its client's and its target's channel: no locks, no thread waits.
 */
package io.countersign.core;
