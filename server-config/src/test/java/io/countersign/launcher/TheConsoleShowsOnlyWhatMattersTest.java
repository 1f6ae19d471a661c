package io.countersign.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class TheConsoleShowsOnlyWhatMattersTest {

    @Test
    void ourWarningsAndEverybodysErrors() {
        assertThat(shown("io.countersign.gateway", Level.WARNING, "held")).isTrue();
        assertThat(shown("javax.enterprise.system.core", Level.SEVERE, "Exception while loading the app"))
                .isTrue();
    }

    @Test
    void notOthersWarningsNorOurSmallTalk() {
        assertThat(shown("io.countersign.gateway", Level.INFO, "listening")).isFalse();
        assertThat(shown("org.flywaydb.core", Level.WARNING, "newer than verified"))
                .isFalse();
        assertThat(shown(null, Level.WARNING, "Unprocessed event")).isFalse();
    }

    @Test
    void norWhatPayaraCallsSevereAtEachStart() {
        assertThat(shown("jakarta.enterprise.ejb.container", Level.SEVERE, "AS-EJB-00062"))
                .isFalse();
    }

    private static boolean shown(String logger, Level level, String message) {
        LogRecord line = new LogRecord(level, message);
        line.setLoggerName(logger);
        return new ForTheConsole().isLoggable(line);
    }
}
