package io.countersign.policy.boundary;

/** No policy was ever loaded: everything is refused. */
public final class PolicyUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PolicyUnavailable(String message) {
        super(message);
    }
}
