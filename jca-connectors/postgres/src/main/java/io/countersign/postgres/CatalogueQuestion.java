package io.countersign.postgres;

import io.countersign.postgres.Catalogue.Asked;
import java.util.stream.Collectors;

/**
 * What a target is asked about its tables: their columns, the rules of its views (51.45 pg_rewrite), what generated columns are
 * computed of (51.6 pg_attrdef), and whose rows are shown under another table's name (51.22 pg_inherits).
 */
final class CatalogueQuestion {

    private static final String OF_SYSTEM = " n.nspname IN ('pg_catalog', 'information_schema')";

    private static final String CALLS = "(?:funcid|aggfnoid|winfnoid|opfuncid)";

    private CatalogueQuestion() {}

    /** Each row: what it is about, and by kind a relation, its kind, a column's number and name, and a text. */
    static String about(Asked asked) {
        // No table has the id 0 or an empty name; both stand there so that no list is empty.
        String oids = "(0"
                + asked.oids().stream()
                        .map(oid -> "," + Integer.toUnsignedString(oid))
                        .collect(Collectors.joining()) + ")";
        String names = "(('','')"
                + asked.names().stream()
                        .map(name -> ",(" + literal(name.schema()) + "," + literal(name.name()) + ")")
                        .collect(Collectors.joining())
                + ")";
        return "/* countersign: names of columns */ WITH RECURSIVE asked AS ("
                + "SELECT c.oid, n.nspname, c.relname, c.relkind FROM pg_catalog.pg_class c"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE c.oid IN " + oids + " OR (n.nspname, c.relname) IN " + names + "),"
                + " viewed (oid, rule) AS (SELECT c.oid, r.ev_action::pg_catalog.text FROM asked a" + rules("a.oid")
                + " UNION SELECT c.oid, r.ev_action::pg_catalog.text FROM viewed v " + found("relid")
                + rules("m.id[1]::pg_catalog.oid") + "),"
                + " behind AS (SELECT DISTINCT m.id[1]::pg_catalog.oid AS oid FROM viewed v " + found("relid") + "),"
                + " called AS (SELECT DISTINCT m.id[1]::pg_catalog.oid AS oid FROM viewed v "
                + found(CALLS) + "),"
                + " tables AS (SELECT oid FROM asked UNION SELECT oid FROM behind),"
                + " above AS (SELECT oid, oid AS kin FROM tables UNION"
                + " SELECT a.oid, i.inhparent FROM above a JOIN pg_catalog.pg_inherits i ON i.inhrelid = a.kin),"
                + " below AS (SELECT oid, oid AS kin FROM tables UNION"
                + " SELECT b.oid, i.inhrelid FROM below b JOIN pg_catalog.pg_inherits i ON i.inhparent = b.kin),"
                + " generated AS (SELECT d.adrelid AS oid, d.adnum, d.adbin::pg_catalog.text AS rule FROM tables t"
                + " JOIN pg_catalog.pg_attribute g ON g.attrelid = t.oid AND g.attgenerated <> ''"
                + " JOIN pg_catalog.pg_attrdef d ON d.adrelid = g.attrelid AND d.adnum = g.attnum)"
                + " SELECT 'column', a.oid, a.nspname, a.relname, a.relkind, t.attnum, t.attname, t.attgenerated::pg_catalog.text"
                + " FROM asked a JOIN pg_catalog.pg_attribute t ON t.attrelid = a.oid"
                + " WHERE t.attnum > 0 AND NOT t.attisdropped"
                + " UNION ALL SELECT 'rule', v.oid, '', '', '', 0, '', v.rule FROM viewed v"
                + " UNION ALL SELECT 'source', c.oid, n.nspname, c.relname, c.relkind, t.attnum, t.attname, '' FROM behind b"
                + " JOIN pg_catalog.pg_class c ON c.oid = b.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " AND (c.relkind NOT IN ('v', 'm') OR" + OF_SYSTEM + ")"
                + " JOIN pg_catalog.pg_attribute t ON t.attrelid = c.oid AND t.attnum > 0 AND NOT t.attisdropped"
                + " UNION ALL SELECT 'kin', k.oid, n.nspname, c.relname, '', 0, '', ''"
                + " FROM (SELECT * FROM above UNION SELECT * FROM below) k"
                + " JOIN pg_catalog.pg_class c ON c.oid = k.kin AND k.kin <> k.oid AND c.relkind IN ('r', 'p', 'f')"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " UNION ALL SELECT 'generated', v.oid, '', '', '', v.adnum, '', m.id[1] FROM generated v "
                + found("varattno")
                + " UNION ALL SELECT 'generating', v.oid, n.nspname, f.proname, '', v.adnum, '', '' FROM generated v "
                + found(CALLS)
                + " JOIN pg_catalog.pg_proc f ON f.oid = m.id[1]::pg_catalog.oid"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace"
                + " UNION ALL SELECT 'calls', f.oid, n.nspname, f.proname, '', 0, '', '' FROM called d"
                + " JOIN pg_catalog.pg_proc f ON f.oid = d.oid JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace"
                + " ORDER BY 1, 2, 6";
    }

    /** The rule of a relation that is a view, and not PostgreSQL's own. */
    private static String rules(String oid) {
        return " JOIN pg_catalog.pg_class c ON c.oid = " + oid + " AND c.relkind IN ('v', 'm')"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND NOT" + OF_SYSTEM
                + " JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid AND r.ev_type = '1'";
    }

    /** Every object id that stands in a view's rule behind one of these words. */
    private static String found(String word) {
        return "CROSS JOIN LATERAL pg_catalog.regexp_matches(v.rule, ' :" + word + " (\\d+) ', 'g') AS m (id)";
    }

    /** standard_conforming_strings is on: only the quote itself needs care (4.1.2.1). */
    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
