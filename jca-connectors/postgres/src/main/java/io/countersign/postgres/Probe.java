package io.countersign.postgres;

import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.Close;
import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.message.Execute;
import io.countersign.postgres.message.Kind;
import io.countersign.postgres.message.Parse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The gateway's own question to the target between two commands of the client: in which schemas are names looked for, and
 * by which role? A named statement, because the client may be using the unnamed one; closed at once.
 */
final class Probe {

    private static final String NAME = "countersign state";

    private static final String QUESTION = "/* countersign: state of the session */"
            + " SELECT u.s, pg_catalog.current_setting('role')"
            + " FROM pg_catalog.unnest(pg_catalog.current_schemas(true)) WITH ORDINALITY AS u (s, n) ORDER BY u.n";

    private static final ByteBuf MESSAGES =
            Unpooled.unreleasableBuffer(messages()).asReadOnly();

    private final List<String> schemas = new ArrayList<>();
    private String role = "";

    /** Everything but the Sync or Flush at the end. */
    static ByteBuf question() {
        return MESSAGES.duplicate();
    }

    /** What the target answers to {@link #question}. */
    List<Expected> expected() {
        Expected execute = Expected.own(Expected.Kind.EXECUTE);
        execute.probe = this;
        return List.of(
                Expected.own(Expected.Kind.CLOSE_STATEMENT),
                Expected.own(Expected.Kind.PARSE),
                Expected.own(Expected.Kind.BIND),
                execute,
                Expected.own(Expected.Kind.CLOSE_PORTAL),
                Expected.own(Expected.Kind.CLOSE_STATEMENT));
    }

    void row(DataRow row) {
        schemas.add(text(row, 0));
        role = text(row, 1);
    }

    void done(SessionState state) {
        state.resolved(List.copyOf(schemas), role);
    }

    private static String text(DataRow row, int column) {
        byte[] value = row.values().get(column);
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    private static ByteBuf messages() {
        ByteBuf out = Unpooled.buffer();
        new Close(Kind.STATEMENT, NAME).encode(out);
        new Parse(NAME, QUESTION, List.of()).encode(out);
        new Bind(NAME, NAME, List.of(), List.of(), List.of()).encode(out);
        new Execute(NAME, 0).encode(out);
        new Close(Kind.PORTAL, NAME).encode(out);
        new Close(Kind.STATEMENT, NAME).encode(out);
        return out;
    }
}
