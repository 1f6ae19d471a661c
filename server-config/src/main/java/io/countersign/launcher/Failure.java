package io.countersign.launcher;

/** What kept a command from doing its work, told to a person: what happened, why, and what to do. */
class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Failure(String message) {
        super(message);
    }

    Failure(String message, Throwable cause) {
        super(message, cause);
    }
}
