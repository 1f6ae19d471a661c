package io.countersign.postgres;

import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What breaks a connection, and in words for logs and records: never with what came over it, all of which Netty repeats where
 * it is no TLS.
 */
final class Breakage {

    /** Characters. */
    private static final int LONGEST = 200;

    private Breakage() {}

    /** Whether it is the connection that failed, or what came over it is no TLS; otherwise the gateway has. */
    static boolean isOfConnection(Throwable cause) {
        for (@Nullable Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    /** In words that follow a colon. */
    static String words(Throwable cause) {
        for (@Nullable Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof NotSslRecordException) {
                return "what came is no TLS";
            }
        }
        String words = String.valueOf(cause.getMessage());
        return words.length() <= LONGEST ? words : words.substring(0, LONGEST) + "…";
    }
}
