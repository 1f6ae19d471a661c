package io.countersign.security;

import io.countersign.api.Identity;
import jakarta.security.enterprise.CallerPrincipal;

/** Carries a file account's whole identity from the store to the session. */
final class FileAccountCaller extends CallerPrincipal {

    private final transient Identity identity;

    FileAccountCaller(Identity identity) {
        super(identity.name());
        this.identity = identity;
    }

    Identity identity() {
        return identity;
    }
}
