package io.countersign.postgres;

import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.message.Report;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The gateway's own question to the target between two commands of the client: in which schemas are names looked for, and
 * by which role?
 */
final class Probe implements Inquiry {

    private static final String QUESTION = "/* countersign: state of the session */"
            + " SELECT u.s, pg_catalog.current_setting('role'), pg_catalog.pg_backend_pid()"
            + " FROM pg_catalog.unnest(pg_catalog.current_schemas(true)) WITH ORDINALITY AS u (s, n) ORDER BY u.n";

    private static final ByteBuf MESSAGES = OwnStatement.constant(QUESTION);

    private final SessionState state;
    private final List<String> schemas = new ArrayList<>();
    private String role = "";
    private int process;

    Probe(SessionState state) {
        this.state = state;
    }

    /** Everything but the Sync or Flush at the end. */
    static ByteBuf question() {
        return MESSAGES.duplicate();
    }

    /** What the target answers to {@link #question}. */
    List<Expected> expected() {
        return OwnStatement.expected(this);
    }

    @Override
    public void row(DataRow row) {
        schemas.add(text(row, 0));
        role = text(row, 1);
        process = Integer.parseInt(text(row, 2));
    }

    @Override
    public void done() {
        state.resolved(List.copyOf(schemas), role, process);
    }

    /** Nothing can be judged where the session's state is not known. */
    @Override
    public boolean failed(Report report) {
        return false;
    }

    private static String text(DataRow row, int column) {
        byte[] value = row.values().get(column);
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }
}
