package io.countersign.policy.boundary;

import jakarta.ejb.ApplicationException;

/**
 * No policy was ever loaded: everything is refused. An application exception, so that callers of the bean see it and not a
 * container's exception around it.
 */
@ApplicationException
public final class PolicyUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PolicyUnavailable(String message) {
        super(message);
    }
}
