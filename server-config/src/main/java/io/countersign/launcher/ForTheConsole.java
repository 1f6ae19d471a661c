package io.countersign.launcher;

import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * What of the gateway's log also goes to the console: our own warnings, and errors of anybody. Payara warns of much that
 * is as it should be. Named in {@code logging.properties}, hence public.
 */
public final class ForTheConsole implements Filter {

    /** Payara calls it severe that a bean that is never passivated has no statistics of passivation. */
    private static final String NO_STATISTICS = "AS-EJB-00062";

    @Override
    public boolean isLoggable(LogRecord line) {
        if (NO_STATISTICS.equals(line.getMessage())) {
            return false;
        }
        String logger = line.getLoggerName();
        boolean ours = logger != null && logger.startsWith("io.countersign.");
        return line.getLevel().intValue() >= (ours ? Level.WARNING : Level.SEVERE).intValue();
    }
}
