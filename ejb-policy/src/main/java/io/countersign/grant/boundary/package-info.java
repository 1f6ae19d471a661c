/** Grants inside the container: asking for them, breaking the glass, ending them, and the sessions that depend on them. */
package io.countersign.grant.boundary;
