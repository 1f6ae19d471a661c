package io.countersign.postgres.sql;

import java.util.List;
import java.util.Set;

/**
 * Functions that run SQL given as text, or read tables named in values: what they do, no parser sees. Those of PostgreSQL
 * itself (9.15.3 "Mapping Tables to XML", 9.13 "Text Search") and of the extensions that come with it (appendix F).
 */
final class OpaqueFunctions {

    private static final Set<String> NAMES = Set.of(
            "query_to_xml",
            "query_to_xmlschema",
            "query_to_xml_and_xmlschema",
            "cursor_to_xml",
            "cursor_to_xmlschema",
            "table_to_xml",
            "table_to_xmlschema",
            "table_to_xml_and_xmlschema",
            "schema_to_xml",
            "schema_to_xmlschema",
            "schema_to_xml_and_xmlschema",
            "database_to_xml",
            "database_to_xmlschema",
            "database_to_xml_and_xmlschema",
            "ts_stat",
            "ts_rewrite",
            "connectby",
            "xpath_table");

    private static final List<String> PREFIXES = List.of("dblink", "crosstab");

    private OpaqueFunctions() {}

    static boolean contains(List<String> name) {
        String last = name.getLast();
        return NAMES.contains(last) || PREFIXES.stream().anyMatch(last::startsWith);
    }
}
