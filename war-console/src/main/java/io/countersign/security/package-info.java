/**
 * Who is calling, for pages and for REST: one mechanism in front of both (Jakarta Security 3.0 §2.4).
 *
 * <p>Pages know people by a session that a sign-in opened; REST knows callers by bearer tokens only (RFC 6750), so that no
 * cookie ever authenticates it. Roles are asked of the policy in force at every request: a role that the policy takes away
 * is gone with the next click.
 */
package io.countersign.security;
