package io.countersign.postgres;

import io.countersign.postgres.message.ReadyForQuery.Status;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the target's session is set to, as far as it changes what a statement means. Confined to the session's event loop.
 */
final class SessionState {

    /** Reported by ParameterStatus (54.2.7) and part of what an approval binds. */
    private static final List<String> MEANINGFUL = List.of(
            "DateStyle",
            "IntervalStyle",
            "TimeZone",
            "client_encoding",
            "default_transaction_read_only",
            "is_superuser",
            "search_path",
            "session_authorization",
            "standard_conforming_strings");

    /** Reported from PostgreSQL 18 on; on older servers the gateway would not notice a change. */
    private static final String SEARCH_PATH = "search_path";

    private final String database;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final Map<Status, Map<String, String>> described = new EnumMap<>(Status.class);
    private List<String> schemas = List.of();
    private String role = "";
    private int process;
    private Status status = Status.IDLE;
    private boolean stale = true;
    private boolean touched;

    /** @param database the target's own name of it */
    SessionState(String database) {
        this.database = database;
    }

    /** @return whether it means something else now */
    boolean report(String name, String value) {
        String before = parameters.put(name, value);
        if (value.equals(before) || !MEANINGFUL.contains(name)) {
            return false;
        }
        described.clear();
        stale |= name.equals(SEARCH_PATH) || name.equals("session_authorization");
        return true;
    }

    Map<String, String> parameters() {
        return parameters;
    }

    boolean reportsSearchPath() {
        return parameters.containsKey(SEARCH_PATH);
    }

    /** What statements rely on: the gateway reads them in this encoding and by this lexical rule. */
    boolean pinned() {
        return "UTF8".equals(parameters.get("client_encoding"))
                && "on".equals(parameters.get("standard_conforming_strings"));
    }

    Status status() {
        return status;
    }

    /** The transaction's status after a cycle. What a transaction touched may be undone by its end. */
    void ready(Status now) {
        status = now;
        if (now == Status.IDLE && touched) {
            touched = false;
            stale = true;
        }
    }

    /** A command that may change role, settings or schemas goes to the target. */
    void touch() {
        stale = true;
        touched = true;
    }

    /** Whether a transaction's end would undo something that counts. */
    boolean touched() {
        return touched;
    }

    /** Whether the target must be asked before the next command can be judged. */
    boolean stale() {
        return stale;
    }

    void resolved(List<String> schemasNow, String roleNow, int processNow) {
        stale = false;
        process = processNow;
        List<String> effective =
                schemasNow.stream().map(SessionState::withoutNumber).toList();
        if (!effective.equals(schemas) || !roleNow.equals(role)) {
            schemas = effective;
            role = roleNow;
            described.clear();
        }
    }

    /** The server process behind the session, as it says itself; 0 until it was asked. */
    int process() {
        return process;
    }

    /** Where the server looks for names, in order: schemas that exist. The same instance until it changes. */
    List<String> schemas() {
        return schemas;
    }

    /** For the command's record and digest. The same instance until something changes. */
    Map<String, String> described(Status transaction) {
        return described.computeIfAbsent(transaction, this::describe);
    }

    private Map<String, String> describe(Status transaction) {
        Map<String, String> state = new HashMap<>();
        for (String name : MEANINGFUL) {
            String value = parameters.get(name);
            if (value != null) {
                state.put(name, value);
            }
        }
        state.put("database", database);
        state.put("schemas", String.join(", ", schemas));
        state.put("role", role);
        state.put("transaction", transaction.letter());
        return Map.copyOf(state);
    }

    /** A session's own temporary schema has a number that says nothing. */
    private static String withoutNumber(String schema) {
        return schema.startsWith("pg_temp_") ? "pg_temp" : schema;
    }
}
