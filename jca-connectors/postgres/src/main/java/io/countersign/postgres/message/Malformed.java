package io.countersign.postgres.message;

/** A message that breaks the protocol, or a text in it that is not what it claims to be. */
public final class Malformed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** protocol_violation: the connection cannot go on. */
    public static final String PROTOCOL_VIOLATION = "08P01";

    /** character_not_in_repertoire: only the command fails. */
    public static final String NOT_UTF8 = "22021";

    private final String sqlState;

    public Malformed(String sqlState, String message) {
        super(message, null, false, false);
        this.sqlState = sqlState;
    }

    static Malformed violation(String message) {
        return new Malformed(PROTOCOL_VIOLATION, message);
    }

    public String sqlState() {
        return sqlState;
    }

    /** Whether the connection must end; otherwise only the command does. */
    public boolean fatal() {
        return sqlState.equals(PROTOCOL_VIOLATION);
    }

    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? sqlState : message;
    }
}
