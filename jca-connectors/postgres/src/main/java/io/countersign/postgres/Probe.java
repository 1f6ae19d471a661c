package io.countersign.postgres;

import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.message.Report;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The gateway's own question to the target between two commands of the client: in which schemas are names looked for, by
 * which role, and are texts read as the gateway reads them?
 */
final class Probe implements Inquiry {

    private static final String QUESTION = "/* countersign: state of the session */"
            + " SELECT u.s, pg_catalog.current_setting('role'), pg_catalog.pg_backend_pid(),"
            + " pg_catalog.current_setting('client_encoding'), pg_catalog.current_setting('standard_conforming_strings')"
            + " FROM pg_catalog.unnest(pg_catalog.current_schemas(true)) WITH ORDINALITY AS u (s, n) ORDER BY u.n";

    private static final ByteBuf MESSAGES = OwnStatement.constant(QUESTION);

    private static final String CANCELLED = "57014";

    private final SessionState state;
    private final boolean again;
    private final Runnable unpinned;
    private final List<String> schemas = new ArrayList<>();
    private String role = "";
    private int process;
    private boolean pinned = true;

    /**
     * @param again    whether it can be asked once more, where a cancel that came too late for the client's command met it
     * @param unpinned to be run where the target reads texts in another way
     */
    Probe(SessionState state, boolean again, Runnable unpinned) {
        this.state = state;
        this.again = again;
        this.unpinned = unpinned;
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
        pinned = text(row, 3).equals("UTF8") && text(row, 4).equals("on");
    }

    @Override
    public void done() {
        state.resolved(List.copyOf(schemas), role, process);
        if (!pinned) {
            unpinned.run();
        }
    }

    /** Nothing can be judged where the session's state is not known. */
    @Override
    public boolean failed(Report report) {
        return again && report.sqlState().equals(CANCELLED);
    }

    private static String text(DataRow row, int column) {
        byte[] value = row.values().get(column);
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }
}
