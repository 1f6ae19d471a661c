package io.countersign.postgres;

import io.countersign.postgres.Catalogue.Name;
import io.countersign.postgres.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the target's planner may run for a statement besides code of PostgreSQL and of extensions, which only those install who
 * administer the database: it computes stable and immutable functions of constants, wherever they stand (36.7 "Function
 * Volatility Categories").
 */
final class PlanRisks {

    private static final String FOREIGN = " NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.deptype = 'e'"
            + " AND e.classid = %1$s AND e.objid = %2$s)";

    private PlanRisks() {}

    /** A question to the target's catalogue that is answered with one row for each risk, in words; asked with {@code pg_catalog} as search path. */
    static String question(Asked asked) {
        Set<Name> relations = Relations.of(asked.content());
        Set<String> functions = asked.reading().statements().stream()
                .map(Statement::functions)
                .flatMap(Collection::stream)
                .map(List::getLast)
                .collect(Collectors.toSet());
        String names = "(('','')"
                + relations.stream()
                        .filter(name -> !Relations.CATALOGUES.contains(name.schema()))
                        .map(name -> ",(" + literal(name.schema()) + "," + literal(name.name()) + ")")
                        .collect(Collectors.joining())
                + ")";
        String called =
                "(''" + functions.stream().map(name -> "," + literal(name)).collect(Collectors.joining()) + ")";
        return "/* countersign: what planning may run */ WITH RECURSIVE family (oid) AS ("
                + "SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE (n.nspname, c.relname) IN " + names
                + " UNION SELECT i.inhrelid FROM family f JOIN pg_catalog.pg_inherits i ON i.inhparent = f.oid),"
                // What belongs to a table and is planned with it: partition keys, indexes, defaults, constraints,
                // statistics.
                + " part (classid, objid, owner) AS ("
                + "SELECT " + catalogue("pg_class") + ", f.oid, f.oid FROM family f"
                + " UNION ALL SELECT " + catalogue("pg_class")
                + ", i.indexrelid, f.oid FROM family f JOIN pg_catalog.pg_index i ON i.indrelid = f.oid"
                + " UNION ALL SELECT " + catalogue("pg_attrdef")
                + ", d.oid, f.oid FROM family f JOIN pg_catalog.pg_attrdef d ON d.adrelid = f.oid"
                + " UNION ALL SELECT " + catalogue("pg_constraint")
                + ", k.oid, f.oid FROM family f JOIN pg_catalog.pg_constraint k ON k.conrelid = f.oid"
                + " UNION ALL SELECT " + catalogue("pg_statistic_ext")
                + ", s.oid, f.oid FROM family f JOIN pg_catalog.pg_statistic_ext s ON s.stxrelid = f.oid)"
                + " SELECT pg_catalog.format('%I is no table', c.relname) FROM family f"
                + " JOIN pg_catalog.pg_class c ON c.oid = f.oid WHERE c.relkind NOT IN ('r', 'p', 'm')"
                + " UNION SELECT pg_catalog.format('%I has rules or row-level security', c.relname) FROM family f"
                + " JOIN pg_catalog.pg_class c ON c.oid = f.oid"
                + " WHERE c.relkind IN ('r', 'p') AND (c.relhasrules OR c.relrowsecurity)"
                + " UNION SELECT pg_catalog.format('%I uses functions, operators or types of its own', c.relname) FROM part p"
                + " JOIN pg_catalog.pg_class c ON c.oid = p.owner"
                + " JOIN pg_catalog.pg_depend d ON d.classid = p.classid AND d.objid = p.objid AND d.refclassid IN ("
                + catalogue("pg_proc") + ", " + catalogue("pg_operator") + ", " + catalogue("pg_opclass") + ", "
                + catalogue("pg_type") + ") WHERE NOT (d.refclassid = " + catalogue("pg_type")
                // Enumerations, rows and arrays compute nothing; domains and types of somebody's own do.
                + " AND EXISTS (SELECT FROM pg_catalog.pg_type y WHERE y.oid = d.refobjid"
                + " AND (y.typtype IN ('e', 'c') OR y.typcategory = 'A')))"
                + " AND" + FOREIGN.formatted("d.refclassid", "d.refobjid")
                + " UNION SELECT pg_catalog.format('%I may be a function of a row', f.proname) FROM family r"
                + " JOIN pg_catalog.pg_type t ON t.typrelid = r.oid"
                + " JOIN pg_catalog.pg_proc f ON f.pronargs > 0 AND f.proargtypes[0] = t.oid"
                + " UNION SELECT pg_catalog.format('%I may be another function of that name', f.proname)"
                + " FROM pg_catalog.pg_proc f WHERE f.proname IN " + called
                + " AND f.pronamespace <> 'pg_catalog'::pg_catalog.regnamespace"
                + " AND" + FOREIGN.formatted(catalogue("pg_proc"), "f.oid")
                + " UNION SELECT pg_catalog.format('the operator %s is not PostgreSQL''s', o.oprname)"
                + " FROM pg_catalog.pg_operator o WHERE o.oid >= 16384 AND"
                + FOREIGN.formatted(catalogue("pg_operator"), "o.oid")
                + " UNION SELECT pg_catalog.format('the cast by %s is not PostgreSQL''s', k.castfunc::pg_catalog.regproc)"
                + " FROM pg_catalog.pg_cast k WHERE k.oid >= 16384 AND k.castmethod = 'f' AND"
                + FOREIGN.formatted(catalogue("pg_cast"), "k.oid")
                + " ORDER BY 1 LIMIT 5";
    }

    private static String catalogue(String name) {
        return "'pg_catalog." + name + "'::pg_catalog.regclass";
    }

    /** standard_conforming_strings is on: only the quote itself needs care (4.1.2.1). */
    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
