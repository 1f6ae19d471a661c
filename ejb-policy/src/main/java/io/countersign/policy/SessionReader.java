package io.countersign.policy;

import org.jspecify.annotations.Nullable;

/** Reads what sessions may be. */
final class SessionReader {

    private final Values values;
    private Policy.@Nullable SessionLimits sessions;

    SessionReader(Values values) {
        this.values = values;
    }

    Policy.SessionLimits sessions() {
        return sessions == null ? new Policy.SessionLimits(true, 20, 500) : sessions;
    }

    void sessions(Yaml.Fields fields) {
        fields.only("end-with-token", "per-identity", "total");
        if (sessions != null) {
            fields.problem("'sessions' stands in two files");
        }
        sessions = new Policy.SessionLimits(
                Values.flag(fields, "end-with-token", true),
                fields.has("per-identity")
                        ? values.number(fields, "per-identity", 1, 100_000).orElse(20)
                        : 20,
                fields.has("total")
                        ? values.number(fields, "total", 1, 1_000_000).orElse(500)
                        : 500);
    }
}
