package io.countersign.api;

/** The answer to {@link CommandListener#signIn}. */
public sealed interface SignIn {

    /** @param target where to go, with the credential that only the gateway knows */
    record Accepted(Session session, Target target) implements SignIn {}

    /**
     * @param reason what happened and why, fit for the client's eyes
     * @param hint   what to do about it
     */
    record Refused(String reason, String hint) implements SignIn {}

    /**
     * Whoever it is: nobody can be signed in at the moment.
     *
     * @param reason what happened and why, fit for the client's eyes
     * @param hint   what to do about it
     */
    record Unavailable(String reason, String hint) implements SignIn {}
}
