package io.countersign.postgres.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a utility statement does that acts in one way upon what one field of its node names (the pages of part VI "SQL
 * Commands"). Those that need more are in {@link UtilityReader}.
 *
 * @param node     the node's type
 * @param kind     the statement's kind
 * @param resource the kind of resource
 * @param field    where the name is: a text, a node, a list of a name's parts, or a list of names
 * @param flags    what is true of its effects
 */
record Definition(String node, String kind, String action, String resource, String field, List<String> flags) {

    private static final String OPAQUE = "opaque";

    /** By type of node. */
    static final Map<String, Definition> ALL = Stream.of(
                    // Relations
                    of("CreateSeqStmt", "CREATE SEQUENCE", "sql:create", "table", "sequence"),
                    of("AlterSeqStmt", "ALTER SEQUENCE", "sql:alter", "table", "sequence"),
                    of("ViewStmt", "CREATE VIEW", "sql:create", "table", "view"),
                    of("TruncateStmt", "TRUNCATE", "sql:truncate", "table", "relations"),
                    of("LockStmt", "LOCK", "sql:lock", "table", "relations"),
                    of("ClusterStmt", "CLUSTER", "sql:cluster", "table", "relation"),
                    of("RefreshMatViewStmt", "REFRESH MATERIALIZED VIEW", "sql:refresh", "table", "relation"),
                    of("CreateStatsStmt", "CREATE STATISTICS", "sql:create", "statistics", "defnames"),
                    of("AlterStatsStmt", "ALTER STATISTICS", "sql:alter", "statistics", "defnames"),
                    // Types and what belongs to them
                    of("CompositeTypeStmt", "CREATE TYPE", "sql:create", "type", "typevar"),
                    of("CreateEnumStmt", "CREATE TYPE", "sql:create", "type", "typeName"),
                    of("CreateRangeStmt", "CREATE TYPE", "sql:create", "type", "typeName"),
                    of("AlterEnumStmt", "ALTER TYPE", "sql:alter", "type", "typeName"),
                    of("AlterTypeStmt", "ALTER TYPE", "sql:alter", "type", "typeName"),
                    of("CreateDomainStmt", "CREATE DOMAIN", "sql:create", "type", "domainname"),
                    of("AlterDomainStmt", "ALTER DOMAIN", "sql:alter", "type", "typeName"),
                    of("AlterCollationStmt", "ALTER COLLATION", "sql:alter", "collation", "collname"),
                    of("AlterOperatorStmt", "ALTER OPERATOR", "sql:alter", "operator", "opername"),
                    of(
                            "CreateOpClassStmt",
                            "CREATE OPERATOR CLASS",
                            "sql:create",
                            "operator-class",
                            "opclassname",
                            OPAQUE),
                    of("CreateOpFamilyStmt", "CREATE OPERATOR FAMILY", "sql:create", "operator-family", "opfamilyname"),
                    of(
                            "AlterOpFamilyStmt",
                            "ALTER OPERATOR FAMILY",
                            "sql:alter",
                            "operator-family",
                            "opfamilyname",
                            OPAQUE),
                    of("CreateCastStmt", "CREATE CAST", "sql:create", "cast", "targettype", OPAQUE),
                    of("CreateTransformStmt", "CREATE TRANSFORM", "sql:create", "transform", "type_name", OPAQUE),
                    of(
                            "CreateConversionStmt",
                            "CREATE CONVERSION",
                            "sql:create",
                            "conversion",
                            "conversion_name",
                            OPAQUE),
                    of(
                            "AlterTSConfigurationStmt",
                            "ALTER TEXT SEARCH CONFIGURATION",
                            "sql:alter",
                            "text-search-configuration",
                            "cfgname"),
                    of(
                            "AlterTSDictionaryStmt",
                            "ALTER TEXT SEARCH DICTIONARY",
                            "sql:alter",
                            "text-search-dictionary",
                            "dictname"),
                    // Databases, roles, places
                    of("CreatedbStmt", "CREATE DATABASE", "sql:create", "database", "dbname"),
                    of("DropdbStmt", "DROP DATABASE", "sql:drop", "database", "dbname"),
                    of("AlterDatabaseStmt", "ALTER DATABASE", "sql:alter", "database", "dbname"),
                    of("AlterDatabaseRefreshCollStmt", "ALTER DATABASE", "sql:alter", "database", "dbname"),
                    of("CreateRoleStmt", "CREATE ROLE", "sql:create", "role", "role"),
                    of("AlterRoleStmt", "ALTER ROLE", "sql:alter", "role", "role"),
                    of("DropRoleStmt", "DROP ROLE", "sql:drop", "role", "roles"),
                    of("DropOwnedStmt", "DROP OWNED", "sql:drop", "owned-by", "roles"),
                    of("ReassignOwnedStmt", "REASSIGN OWNED", "sql:alter", "owned-by", "roles"),
                    of("CreateTableSpaceStmt", "CREATE TABLESPACE", "sql:create", "tablespace", "tablespacename"),
                    of("AlterTableSpaceOptionsStmt", "ALTER TABLESPACE", "sql:alter", "tablespace", "tablespacename"),
                    of("AlterTableMoveAllStmt", "ALTER TABLESPACE", "sql:alter", "tablespace", "orig_tablespacename"),
                    of("DropTableSpaceStmt", "DROP TABLESPACE", "sql:drop", "tablespace", "tablespacename"),
                    // Code and other servers
                    of("CreateExtensionStmt", "CREATE EXTENSION", "sql:create", "extension", "extname", OPAQUE),
                    of("AlterExtensionStmt", "ALTER EXTENSION", "sql:alter", "extension", "extname", OPAQUE),
                    of("CreatePLangStmt", "CREATE LANGUAGE", "sql:create", "language", "plname", OPAQUE),
                    of("CreateAmStmt", "CREATE ACCESS METHOD", "sql:create", "access-method", "amname", OPAQUE),
                    of(
                            "CreateEventTrigStmt",
                            "CREATE EVENT TRIGGER",
                            "sql:create",
                            "event-trigger",
                            "trigname",
                            OPAQUE),
                    of("AlterEventTrigStmt", "ALTER EVENT TRIGGER", "sql:alter", "event-trigger", "trigname"),
                    of("LoadStmt", "LOAD", "sql:load", "file", "filename", OPAQUE),
                    of(
                            "CreateFdwStmt",
                            "CREATE FOREIGN DATA WRAPPER",
                            "sql:create",
                            "foreign-data-wrapper",
                            "fdwname",
                            OPAQUE),
                    of(
                            "AlterFdwStmt",
                            "ALTER FOREIGN DATA WRAPPER",
                            "sql:alter",
                            "foreign-data-wrapper",
                            "fdwname",
                            OPAQUE),
                    of("CreateForeignServerStmt", "CREATE SERVER", "sql:create", "server", "servername"),
                    of("AlterForeignServerStmt", "ALTER SERVER", "sql:alter", "server", "servername"),
                    of("CreateUserMappingStmt", "CREATE USER MAPPING", "sql:create", "user-mapping", "servername"),
                    of("AlterUserMappingStmt", "ALTER USER MAPPING", "sql:alter", "user-mapping", "servername"),
                    of("DropUserMappingStmt", "DROP USER MAPPING", "sql:drop", "user-mapping", "servername"),
                    of("CreatePublicationStmt", "CREATE PUBLICATION", "sql:create", "publication", "pubname"),
                    of("AlterPublicationStmt", "ALTER PUBLICATION", "sql:alter", "publication", "pubname"),
                    of("CreateSubscriptionStmt", "CREATE SUBSCRIPTION", "sql:create", "subscription", "subname"),
                    of("AlterSubscriptionStmt", "ALTER SUBSCRIPTION", "sql:alter", "subscription", "subname"),
                    of("DropSubscriptionStmt", "DROP SUBSCRIPTION", "sql:drop", "subscription", "subname"),
                    // The session
                    of("VariableShowStmt", "SHOW", "sql:show", "setting", "name"),
                    of("ConstraintsSetStmt", "SET CONSTRAINTS", "sql:transaction", "transaction", ""),
                    of("ListenStmt", "LISTEN", "sql:listen", "channel", "conditionname"),
                    of("UnlistenStmt", "UNLISTEN", "sql:listen", "channel", "conditionname"),
                    of("NotifyStmt", "NOTIFY", "sql:notify", "channel", "conditionname"),
                    of("CheckPointStmt", "CHECKPOINT", "sql:checkpoint", "server", ""))
            .collect(Collectors.toUnmodifiableMap(Definition::node, Function.identity()));

    private static Definition of(
            String node, String kind, String action, String resource, String field, String... flags) {
        return new Definition(node, kind, action, resource, field, List.of(flags));
    }

    /** Names that the field holds; one empty name where there is none, which means all or the whole. */
    List<List<String>> names(Node statement) {
        if (!statement.text(field).isEmpty()) {
            return List.of(List.of(statement.text(field)));
        }
        List<Node> items = statement.list(field);
        if (items.isEmpty() || items.stream().allMatch(item -> item.is("String"))) {
            return List.of(items.isEmpty() ? ObjectNames.name(statement.child(field)) : statement.names(field));
        }
        List<List<String>> names = new ArrayList<>();
        items.forEach(item -> names.add(ObjectNames.name(item)));
        return names;
    }
}
