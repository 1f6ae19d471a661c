package io.countersign.security;

/** A sign-in that came back from the identity provider and does not count. Its message says why, for the log. */
final class SignInRefused extends Exception {

    SignInRefused(String why) {
        super(why);
    }

    SignInRefused(String why, Throwable cause) {
        super(why, cause);
    }
}
