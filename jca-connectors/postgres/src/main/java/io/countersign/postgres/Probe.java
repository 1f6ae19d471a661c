package io.countersign.postgres;

import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.message.Report;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The gateway's own question to the target between two commands of the client: in which schemas are names looked for, by
 * which role, and are texts read as the gateway reads them?
 */
final class Probe implements Inquiry {

    private static final String QUESTION = "/* countersign: state of the session */"
            + " SELECT pg_catalog.current_schemas(true), pg_catalog.current_setting('role'), pg_catalog.pg_backend_pid(),"
            + " pg_catalog.current_setting('client_encoding'), pg_catalog.current_setting('standard_conforming_strings')";

    /** The array as binary: nothing in it is quoted. A row for each schema would cost a new session a millisecond. */
    private static final ByteBuf MESSAGES =
            OwnStatement.constant(QUESTION, List.of((short) 1, (short) 0, (short) 0, (short) 0, (short) 0));

    private static final String CANCELLED = "57014";

    private final SessionState state;
    private final boolean again;
    private final Runnable unpinned;
    private List<String> schemas = List.of();
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
        schemas = row.array(0);
        role = text(row, 1);
        process = Integer.parseInt(text(row, 2));
        pinned = text(row, 3).equals("UTF8") && text(row, 4).equals("on");
    }

    @Override
    public void done() {
        state.resolved(schemas, role, process);
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
