/**
 * The REST interface under {@code /api}, for CI, agents and scripts: JSON, bearer tokens, errors as RFC 9457 has them.
 *
 * <p>A resource a noun. Every method says who may call it ({@code @PermitAll}: whoever has a valid token); what of it they
 * may read, the boundaries say. The names of the JSON members are kept in {@link io.countersign.rest.Documents} and
 * described in {@code openapi.yaml}, and a test compares the two.
 */
package io.countersign.rest;
