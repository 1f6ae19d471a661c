package io.countersign.postgres;

import io.countersign.postgres.message.DataRow;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What another session of the target has locked (53.13 pg_locks). Rows that it has changed are not listed there. */
final class HeldLocks {

    private HeldLocks() {}

    /** @param process the session's server process */
    static String question(int process) {
        return "/* countersign: locks of a transaction */ SELECT l.mode, CASE WHEN l.relation IS NULL THEN l.locktype"
                + " ELSE pg_catalog.concat('table ', coalesce(pg_catalog.format('%I.%I', n.nspname, c.relname),"
                + " l.relation::pg_catalog.text)) END FROM pg_catalog.pg_locks l"
                + " LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation"
                + " LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE l.pid = " + process + " AND l.granted AND l.locktype <> 'virtualxid'"
                + " AND (c.relkind IS NULL OR c.relkind NOT IN ('i', 'I')) ORDER BY 2, 1 LIMIT 100";
    }

    static List<String> read(List<DataRow> rows) {
        return rows.stream().map(row -> text(row, 0) + " on " + text(row, 1)).toList();
    }

    private static String text(DataRow row, int column) {
        byte[] value = row.values().get(column);
        return value == null ? "?" : new String(value, StandardCharsets.UTF_8);
    }
}
