/**
 * The seam between connectors and policy, in {@code java.*} types only.
 *
 * <p>A connector knows its protocol and names the effects of each command; the policy knows identities and effects and
 * never bytes. {@link io.countersign.api.CommandListener} and {@link io.countersign.api.Commands} are what a connector asks,
 * {@link io.countersign.api.Gateway} is the way back to a session that holds a command. Everything else here is a value.
 */
package io.countersign.api;
