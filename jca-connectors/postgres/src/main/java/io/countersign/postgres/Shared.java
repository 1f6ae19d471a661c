package io.countersign.postgres;

import io.countersign.api.CommandListener;
import io.countersign.core.Counters;
import io.countersign.core.LiveSessions;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/** What all sessions of one port share. */
record Shared(
        CommandListener listener,
        LiveSessions sessions,
        Counters counters,
        InstantSource clock,
        PostgresEffects effects,
        Maskers maskers,
        Catalogues catalogues,
        CancelKeys keys,
        TargetTls tls,
        Executor worker) {}
