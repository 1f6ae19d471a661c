package io.countersign.identity;

import io.countersign.api.Secret;
import java.net.URI;

/**
 * A proof that whoever makes a request has the key that its token is bound to (RFC 9449 §4), and the request as it came.
 *
 * @param proof  the request's {@code DPoP} header
 * @param method of the request, in capitals
 * @param uri    of the request, under the public address of this gateway; its query does not count
 */
public record KeyProof(Secret proof, String method, URI uri) {}
