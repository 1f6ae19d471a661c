package io.countersign.postgres.snapshot;

import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.snapshot.Snapshot.Routine;
import io.countersign.postgres.snapshot.Snapshot.View;
import io.countersign.postgres.sql.HarmlessFunctions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the target's catalogue is asked for a {@link Snapshot}, and how its answer is read (chapter 51 "System Catalogs").
 *
 * <p>What a view reads and calls is taken from its rules as they are stored (51.45 pg_rewrite), not from pg_depend, which leaves
 * out everything that comes with PostgreSQL: a view of pg_authid would seem to read nothing. Nor from pg_get_viewdef, which waits
 * for whoever has locked what the view reads.
 */
final class SnapshotQuestion {

    /** Rows of an answer; a target that has more is not understood. */
    static final int MOST = 200_000;

    private static final String USERS = " NOT IN ('pg_catalog', 'information_schema')";

    /** Temporary objects are their session's own, and what it makes them of is judged when it does. */
    private static final String SCHEMAS = "SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace n"
            + " WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)'";

    /** Every function that can be called with one row, also by an argument of any type. */
    private static final String OF_ROW = "(f.pronargs > 0 AND f.pronargs - f.pronargdefaults <= 1 AND EXISTS ("
            + "SELECT FROM pg_catalog.pg_type t WHERE t.oid = f.proargtypes[0] AND t.typtype IN ('c', 'p')))";

    private static final String EXTENSIONS = "EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.deptype = 'e'"
            + " AND e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND e.objid = f.oid)";

    static final String TEXT = "/* countersign: views and functions */ WITH space AS MATERIALIZED (" + SCHEMAS + "),"
            + " viewed AS MATERIALIZED (SELECT c.oid, s.nspname, c.relname, c.relkind, r.ev_action::pg_catalog.text AS tree"
            + " FROM pg_catalog.pg_class c JOIN space s ON s.oid = c.relnamespace AND s.nspname" + USERS
            + " JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid WHERE c.relkind IN ('v', 'm'))"
            + " SELECT 'view', nspname::pg_catalog.text, relname::pg_catalog.text, relkind::pg_catalog.text, '' FROM viewed"
            + " UNION SELECT 'reads', v.nspname, v.relname, n.nspname, c.relname FROM viewed v"
            + " CROSS JOIN LATERAL pg_catalog.regexp_matches(v.tree, ' :relid (\\d+) ', 'g') AS m (found)"
            + " JOIN pg_catalog.pg_class c ON c.oid = m.found[1]::pg_catalog.oid AND c.oid <> v.oid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " UNION SELECT 'calls', v.nspname, v.relname, n.nspname, f.proname FROM viewed v"
            + " CROSS JOIN LATERAL pg_catalog.regexp_matches(v.tree,"
            + " ' :(?:funcid|aggfnoid|winfnoid|opfuncid) (\\d+) ', 'g') AS m (found)"
            + " JOIN pg_catalog.pg_proc f ON f.oid = m.found[1]::pg_catalog.oid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace"
            + " UNION ALL SELECT 'function', s.nspname, f.proname, " + flags() + ", CASE WHEN " + OF_ROW
            + " AND s.nspname" + USERS + " THEN 'row' ELSE '' END"
            + " FROM pg_catalog.pg_proc f JOIN space s ON s.oid = f.pronamespace"
            + " UNION ALL SELECT 'operator', s.nspname, o.oprname, " + flags() + ", ''"
            + " FROM pg_catalog.pg_operator o JOIN space s ON s.oid = o.oprnamespace AND s.nspname <> 'pg_catalog'"
            + " JOIN pg_catalog.pg_proc f ON f.oid = o.oprcode"
            + " LIMIT " + (MOST + 1);

    private SnapshotQuestion() {}

    private static String flags() {
        return "pg_catalog.concat_ws(' ', CASE f.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable'"
                + " ELSE 'volatile' END, CASE WHEN f.prosecdef THEN 'security-definer' END,"
                + " CASE WHEN " + EXTENSIONS + " THEN 'extension' END)";
    }

    /** @throws IllegalStateException where there is more than anybody should have to remember */
    static Snapshot read(List<DataRow> rows, long version) {
        if (rows.size() > MOST) {
            throw new IllegalStateException("its catalogue has more than " + MOST + " entries");
        }
        Map<List<String>, Raw> views = new HashMap<>();
        Map<String, Map<String, Raw>> functions = new HashMap<>();
        Map<String, Map<String, Raw>> operators = new HashMap<>();
        for (DataRow row : rows) {
            List<String> path = List.of(text(row, 1), text(row, 2));
            switch (text(row, 0)) {
                case "view" -> of(views, path).marked |= text(row, 3).equals("m");
                case "reads" -> of(views, path).relations.add(List.of(text(row, 3), text(row, 4)));
                case "calls" -> calls(of(views, path), List.of(text(row, 3), text(row, 4)));
                case "function" -> take(functions, path, row);
                default -> take(operators, path, row);
            }
        }
        Map<List<String>, View> read = new HashMap<>();
        views.forEach((path, raw) -> read.put(path, new View(raw.marked, raw.relations, raw.functions)));
        return new Snapshot(version, read, routines(functions), routines(operators));
    }

    /** What is gathered of one thing from several rows. */
    private static final class Raw {
        final Set<List<String>> relations = new HashSet<>();
        final Set<List<String>> functions = new HashSet<>();
        final Set<Set<String>> flags = new HashSet<>();
        boolean marked;
    }

    private static <K> Raw of(Map<K, Raw> known, K key) {
        return known.computeIfAbsent(key, each -> new Raw());
    }

    private static void calls(Raw view, List<String> function) {
        if (!HarmlessFunctions.contains(function)) {
            view.functions.add(function);
        }
    }

    private static void take(Map<String, Map<String, Raw>> routines, List<String> path, DataRow row) {
        Raw raw = of(routines.computeIfAbsent(path.getLast(), name -> new HashMap<>()), path.getFirst());
        raw.flags.add(Set.of(text(row, 3).split(" ")));
        raw.marked |= text(row, 4).equals("row");
    }

    private static Map<String, List<Routine>> routines(Map<String, Map<String, Raw>> raw) {
        Map<Set<String>, Set<String>> shared = new HashMap<>();
        Map<String, List<Routine>> routines = new HashMap<>();
        raw.forEach((name, bySchema) -> {
            List<Routine> all = new ArrayList<>();
            for (String schema : new TreeSet<>(bySchema.keySet())) {
                Raw found = of(bySchema, schema);
                Set<String> flags = shared.computeIfAbsent(Set.copyOf(Routine.worst(found.flags)), each -> each);
                all.add(new Routine(schema, flags, found.marked));
            }
            routines.put(name, List.copyOf(all));
        });
        return routines;
    }

    private static String text(DataRow row, int column) {
        byte[] value = row.values().get(column);
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }
}
