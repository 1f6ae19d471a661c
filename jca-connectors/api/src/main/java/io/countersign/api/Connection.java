package io.countersign.api;

import java.util.Map;

/**
 * What is known of a connection before anybody has signed in.
 *
 * @param protocol   the connector's name, for example {@code postgres}
 * @param target     the target's name as the client gave it (for PostgreSQL the {@code database} start-up parameter)
 * @param client     the peer's address and port, for the record
 * @param encrypted  whether TLS protects the client's side
 * @param parameters what else the client declared, already validated by the connector; never secrets
 */
public record Connection(
        String protocol, String target, String client, boolean encrypted, Map<String, String> parameters) {

    /** The parameter by which a client says which plan its session is to run: the plan's number. */
    public static final String PLAN = "countersign.plan";

    /**
     * The parameter by which a connector says, beside {@link #PLAN}, which of the client's settings change what commands mean:
     * as {@code name=value}, names in lower case and in order, separated by a comma and a blank; empty where none does.
     */
    public static final String SETTINGS = "countersign.settings";

    public Connection {
        parameters = Map.copyOf(parameters);
    }
}
