package io.countersign.postgres.sql;

import java.util.List;
import java.util.Set;

/**
 * What may be made of a masked column's value so that only the result tells of it, which is hidden: functions, operators and
 * casts of PostgreSQL itself (chapter 9 "Functions and Operators") that never fail over one value and succeed over another.
 */
final class ShowingFunctions {

    /** Whichever of their arguments is masked. */
    private static final Set<String> ALL = Set.of(
            "any_value",
            "array_agg",
            "array_to_json",
            "avg",
            "bit_length",
            "btrim",
            "casefold",
            "char_length",
            "character_length",
            "concat",
            "concat_ws",
            "count",
            "first_value",
            "initcap",
            "json_agg",
            "json_build_array",
            "json_build_object",
            "json_object_agg",
            "json_strip_nulls",
            "jsonb_agg",
            "jsonb_build_array",
            "jsonb_build_object",
            "jsonb_object_agg",
            "jsonb_pretty",
            "jsonb_strip_nulls",
            "last_value",
            "length",
            "lower",
            "ltrim",
            "max",
            "md5",
            "min",
            "octet_length",
            "quote_ident",
            "quote_literal",
            "quote_nullable",
            "reverse",
            "row_to_json",
            "rtrim",
            "sum",
            "to_json",
            "to_jsonb",
            "upper");

    /** Where only the first of their arguments is masked: the others say how, and may be wrong. */
    private static final Set<String> FIRST = Set.of(
            "lag",
            "lead",
            "left",
            "lpad",
            "nth_value",
            "overlay",
            "regexp_replace",
            "replace",
            "right",
            "rpad",
            "split_part",
            "string_agg",
            "substr",
            "substring",
            "translate");

    /**
     * Of these, those whose result may be too long to be made where a value has what is replaced, and short where it has not: not
     * where what is put in its place stands in the statement.
     */
    private static final Set<String> GROWING = Set.of("regexp_replace", "replace");

    private static final Set<String> OPERATORS = Set.of("||", "->", "->>", "#>", "#>>");

    private static final Set<String> TYPES = Set.of("text", "varchar", "bpchar");

    /**
     * What leaves text in one piece, so that a detector finds in the result what it would have found before. What takes numbers,
     * dates and the like alone is here as well.
     */
    private static final Set<String> FAITHFUL = Set.of(
            "abs",
            "age",
            "any_value",
            "array_agg",
            "array_length",
            "array_to_json",
            "avg",
            "bool_and",
            "bool_or",
            "cardinality",
            "casefold",
            "ceil",
            "ceiling",
            "char_length",
            "character_length",
            "corr",
            "count",
            "cume_dist",
            "date",
            "date_bin",
            "date_part",
            "date_trunc",
            "dense_rank",
            "every",
            "extract",
            "first_value",
            "floor",
            "format_type",
            "generate_series",
            "grouping",
            "initcap",
            "json_agg",
            "json_array_elements",
            "json_array_elements_text",
            "json_array_length",
            "json_build_array",
            "json_build_object",
            "json_each",
            "json_each_text",
            "json_extract_path",
            "json_extract_path_text",
            "json_object_agg",
            "json_object_keys",
            "json_strip_nulls",
            "json_typeof",
            "jsonb_agg",
            "jsonb_array_elements",
            "jsonb_array_elements_text",
            "jsonb_array_length",
            "jsonb_build_array",
            "jsonb_build_object",
            "jsonb_each",
            "jsonb_each_text",
            "jsonb_extract_path",
            "jsonb_extract_path_text",
            "jsonb_object_agg",
            "jsonb_object_keys",
            "jsonb_pretty",
            "jsonb_strip_nulls",
            "jsonb_typeof",
            "lag",
            "last_value",
            "lead",
            "length",
            "lower",
            "make_date",
            "make_interval",
            "make_timestamp",
            "make_timestamptz",
            "max",
            "min",
            "mod",
            "mode",
            "nth_value",
            "ntile",
            "obj_description",
            "col_description",
            "octet_length",
            "percent_rank",
            "percentile_cont",
            "percentile_disc",
            "position",
            "power",
            "quote_ident",
            "quote_literal",
            "rank",
            "regexp_count",
            "regexp_like",
            "round",
            "row_number",
            "row_to_json",
            "sign",
            "sqrt",
            "starts_with",
            "stddev",
            "stddev_pop",
            "stddev_samp",
            "strpos",
            "sum",
            "timezone",
            "to_char",
            "to_date",
            "to_json",
            "to_jsonb",
            "to_timestamp",
            "trunc",
            "unnest",
            "upper",
            "var_pop",
            "var_samp",
            "variance",
            "width_bucket");

    /** A trim of other characters than spaces may take a value's digits away. */
    private static final Set<String> TRIMS = Set.of("btrim", "ltrim", "rtrim");

    /** Casts to these take a text apart, or let it be calculated with. */
    private static final Set<String> TAKING_APART = Set.of(
            "int8",
            "numeric",
            "float8",
            "float4",
            "money",
            "bytea",
            "bit",
            "varbit",
            "tsvector",
            "xid8",
            "oid",
            "char",
            "interval",
            "macaddr",
            "macaddr8");

    /** Casts to these cut off what is longer, where they say how long. */
    private static final Set<String> CUTTING_OFF = Set.of("varchar", "bpchar");

    /** Of what leaves text in one piece, what answers text that it was given. */
    private static final Set<String> ANSWERING_TEXT = Set.of(
            "any_value",
            "array_agg",
            "casefold",
            "first_value",
            "initcap",
            "json_array_elements_text",
            "json_each_text",
            "json_extract_path_text",
            "jsonb_array_elements_text",
            "jsonb_each_text",
            "jsonb_extract_path_text",
            "lag",
            "last_value",
            "lead",
            "lower",
            "max",
            "min",
            "mode",
            "nth_value",
            "quote_ident",
            "quote_literal",
            "unnest",
            "upper");

    private ShowingFunctions() {}

    static boolean showsAll(List<String> name) {
        return ours(name) && ALL.contains(name.getLast());
    }

    static boolean showsFirst(List<String> name) {
        return ours(name) && FIRST.contains(name.getLast());
    }

    static boolean grows(List<String> name) {
        return GROWING.contains(name.getLast());
    }

    static boolean operator(List<String> name) {
        return ours(name) && OPERATORS.contains(name.getLast());
    }

    /** Whether every text can be cast to it. */
    static boolean type(List<String> name) {
        return ours(name) && TYPES.contains(name.getLast());
    }

    static boolean faithful(List<String> name, int arguments) {
        String last = name.getLast();
        return ours(name)
                && (FAITHFUL.contains(last)
                        || last.startsWith("pg_")
                        || last.startsWith("has_")
                        || TRIMS.contains(last) && arguments == 1);
    }

    /** @param type a TypeName */
    static boolean takesApart(Node type) {
        List<String> name = type.names("names");
        return !name.isEmpty()
                && (TAKING_APART.contains(name.getLast())
                        || CUTTING_OFF.contains(name.getLast()) && type.has("typmods"));
    }

    static boolean answersText(List<String> name) {
        return ANSWERING_TEXT.contains(name.getLast());
    }

    private static boolean ours(List<String> name) {
        return name.size() == 1 || name.size() == 2 && name.getFirst().equals("pg_catalog");
    }
}
