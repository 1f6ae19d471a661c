package io.countersign.launcher;

import java.util.regex.Pattern;

/** What {@code Authorization} says of a bearer token (RFC 6750 §2.1). */
final class BearerHeader {

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private BearerHeader() {}

    /** @throws Failure where that is no token; it says nothing of it, as the client for HTTP would */
    static String of(String token) {
        if (!TOKEN.matcher(token).matches()) {
            throw new Failure("What was given is no token: it has characters that tokens do not have (RFC 6750, 2.1).");
        }
        return "Bearer " + token;
    }
}
