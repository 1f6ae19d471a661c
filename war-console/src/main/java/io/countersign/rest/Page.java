package io.countersign.rest;

import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is asked for.
 *
 * @param offset entries to pass over, 0 or more
 * @param limit  entries to answer with, 1 to {@value #MOST}
 */
record Page(int offset, int limit) {

    static final int MOST = 500;
    private static final int USUAL = 100;

    /** Reads query parameters; a problem with status 400 says which is wrong and what is right. */
    static Page of(@Nullable String offset, @Nullable String limit) {
        return new Page(
                (int) number("offset", offset, 0, 0, Integer.MAX_VALUE), (int) number("limit", limit, USUAL, 1, MOST));
    }

    static long number(String name, @Nullable String text, long otherwise, long least, long most) {
        if (text == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw bad(name, least, most);
        }
        throw bad(name, least, most);
    }

    private static ProblemException bad(String name, long least, long most) {
        return Problem.of(
                        Response.Status.BAD_REQUEST,
                        "The parameter " + name + " is a whole number from " + least + " to " + most + ".")
                .exception();
    }
}
