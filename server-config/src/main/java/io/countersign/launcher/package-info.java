/**
 * Starts a gateway on Payara Micro, and everything around it that the demo needs: PostgreSQL as target, a development
 * issuer, logins. Nothing here is reached by the EAR: it is told what it needs by settings (see {@link GatewaySettings}).
 */
@NullMarked
package io.countersign.launcher;

import org.jspecify.annotations.NullMarked;
