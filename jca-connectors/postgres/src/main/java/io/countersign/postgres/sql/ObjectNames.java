package io.countersign.postgres.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Names and kinds of database objects in statements that define, drop, own, comment and grant. */
final class ObjectNames {

    /** Where a command tag has other words than the parser's constant. */
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("ACCESS_METHOD", "ACCESS METHOD"),
            Map.entry("AMOP", "OPERATOR FAMILY"),
            Map.entry("AMPROC", "OPERATOR FAMILY"),
            Map.entry("ATTRIBUTE", "TYPE"),
            Map.entry("DOMCONSTRAINT", "CONSTRAINT"),
            Map.entry("EVENT_TRIGGER", "EVENT TRIGGER"),
            Map.entry("FDW", "FOREIGN DATA WRAPPER"),
            Map.entry("FOREIGN_SERVER", "SERVER"),
            Map.entry("FOREIGN_TABLE", "FOREIGN TABLE"),
            Map.entry("LARGEOBJECT", "LARGE OBJECT"),
            Map.entry("MATVIEW", "MATERIALIZED VIEW"),
            Map.entry("OPCLASS", "OPERATOR CLASS"),
            Map.entry("OPFAMILY", "OPERATOR FAMILY"),
            Map.entry("PARAMETER_ACL", "PARAMETER"),
            Map.entry("STATISTIC_EXT", "STATISTICS"),
            Map.entry("TABCONSTRAINT", "CONSTRAINT"),
            Map.entry("TSCONFIGURATION", "TEXT SEARCH CONFIGURATION"),
            Map.entry("TSDICTIONARY", "TEXT SEARCH DICTIONARY"),
            Map.entry("TSPARSER", "TEXT SEARCH PARSER"),
            Map.entry("TSTEMPLATE", "TEXT SEARCH TEMPLATE"),
            Map.entry("USER_MAPPING", "USER MAPPING"));

    private ObjectNames() {}

    /** {@code OBJECT_MATVIEW} in a command tag's words: {@code MATERIALIZED VIEW}. */
    static String words(String objectType) {
        String name = objectType.startsWith("OBJECT_") ? objectType.substring("OBJECT_".length()) : objectType;
        return WORDS.getOrDefault(name, name.replace('_', ' '));
    }

    /** The kind of resource: {@code table} for everything one can select from, else the words with hyphens. */
    static String kind(String objectType) {
        return switch (objectType) {
            case "OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE", "OBJECT_SEQUENCE" -> "table";
            case "OBJECT_PROCEDURE", "OBJECT_ROUTINE", "OBJECT_AGGREGATE" -> "function";
            case "OBJECT_DOMAIN" -> "type";
            default -> words(objectType).toLowerCase(Locale.ROOT).replace(' ', '-');
        };
    }

    /** A name, whatever form the place gives it. */
    static List<String> name(Node node) {
        if (node.has("relname")) {
            return TreeReader.path(node);
        }
        return switch (node.type()) {
            case "String" -> List.of(node.text("sval"));
            case "List" -> {
                List<String> parts = new ArrayList<>();
                node.list("items").forEach(item -> parts.addAll(name(item)));
                yield parts;
            }
            case "ObjectWithArgs" -> node.names("objname");
            case "TypeName" -> node.names("names");
            case "RoleSpec" -> role(node);
            case "AccessPriv" -> List.of(node.text("priv_name"));
            case "Integer" -> List.of(Integer.toString(node.number("ival")));
            case "Float" -> List.of(node.text("fval"));
            default -> loose(node);
        };
    }

    /** Where the parser's structure leaves no wrapper. */
    private static List<String> loose(Node node) {
        if (node.has("objname")) {
            return node.names("objname");
        } else if (node.has("names")) {
            return node.names("names");
        } else if (node.has("roletype")) {
            return role(node);
        }
        return node.has("sval") ? List.of(node.text("sval")) : List.of();
    }

    /** A role by name, or {@code CURRENT_USER} and the like as the parser's constants say it. */
    static List<String> role(Node role) {
        return role.has("rolename")
                ? List.of(role.text("rolename"))
                : List.of(role.text("roletype").replace("ROLESPEC_", ""));
    }
}
