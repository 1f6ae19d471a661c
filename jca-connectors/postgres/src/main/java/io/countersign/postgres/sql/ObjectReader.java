package io.countersign.postgres.sql;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads statements about an object of whatever type, its privileges, and settings. */
final class ObjectReader {

    private final TreeReader reader;
    private final Findings found;

    ObjectReader(TreeReader reader) {
        this.reader = reader;
        this.found = reader.found();
    }

    /** Reads the statement and answers its kind; empty if it is none of these. */
    Optional<String> read(Node node, Scope scope) {
        return Optional.ofNullable(
                switch (node.type()) {
                    case "DropStmt" -> drop(node);
                    case "RenameStmt" -> rename(node);
                    case "AlterObjectSchemaStmt", "AlterOwnerStmt", "AlterObjectDependsStmt" ->
                        altered(node, node.text("objectType"));
                    case "AlterExtensionContentsStmt" -> extensionContents(node);
                    case "AlterFunctionStmt" -> alterFunction(node, scope);
                    case "CommentStmt" -> about(node, "COMMENT", "sql:comment");
                    case "SecLabelStmt" -> about(node, "SECURITY LABEL", "sql:alter");
                    case "DefineStmt" -> define(node, scope);
                    case "GrantStmt" -> grant(node);
                    case "GrantRoleStmt" -> grantRole(node);
                    case "AlterDefaultPrivilegesStmt" -> defaultPrivileges(node);
                    case "VariableSetStmt" -> set(node);
                    case "AlterSystemStmt" -> setFor(node, "ALTER SYSTEM", "system", List.of());
                    case "AlterRoleSetStmt" -> setFor(node, "ALTER ROLE", "role", ObjectNames.name(node.child("role")));
                    case "AlterDatabaseSetStmt" ->
                        setFor(node, "ALTER DATABASE", "database", List.of(node.text("dbname")));
                    default -> null;
                });
    }

    private String drop(Node drop) {
        String type = drop.text("removeType");
        String[] flags = drop.text("behavior").equals("DROP_CASCADE") ? new String[] {"cascade"} : new String[] {};
        for (Node object : drop.list("objects")) {
            found.effect("sql:drop", ObjectNames.kind(type), ObjectNames.name(object), flags);
        }
        return "DROP " + ObjectNames.words(type);
    }

    private String rename(Node rename) {
        String type = rename.text("renameType");
        boolean part = rename.has("relation") && rename.has("subname");
        if (part && (type.equals("OBJECT_COLUMN") || type.equals("OBJECT_ATTRIBUTE"))) {
            type = rename.text("relationType");
        }
        return altered(rename, type);
    }

    /** Its name stands in one of the places where these nodes keep one. */
    private String altered(Node alter, String type) {
        if (alter.has("relation")) {
            boolean relation = ObjectNames.kind(type).equals("index")
                    || ObjectNames.kind(type).equals("type");
            found.effect(
                    "sql:alter", relation ? ObjectNames.kind(type) : "table", TreeReader.path(alter.child("relation")));
        } else {
            List<String> name =
                    alter.has("object") ? ObjectNames.name(alter.child("object")) : List.of(alter.text("subname"));
            found.effect("sql:alter", ObjectNames.kind(type), name);
        }
        return "ALTER " + ObjectNames.words(type);
    }

    private String extensionContents(Node alter) {
        found.effect("sql:alter", "extension", List.of(alter.text("extname")));
        found.effect("sql:alter", ObjectNames.kind(alter.text("objtype")), ObjectNames.name(alter.child("object")));
        return "ALTER EXTENSION";
    }

    private String alterFunction(Node alter, Scope scope) {
        found.effect("sql:alter", "function", ObjectNames.name(alter.child("func")));
        reader.readBut(alter, scope, "func");
        return "ALTER " + ObjectNames.words(alter.text("objtype"));
    }

    private String about(Node node, String kind, String action) {
        found.effect(action, ObjectNames.kind(node.text("objtype")), ObjectNames.name(node.child("object")));
        return kind;
    }

    private String define(Node define, Scope scope) {
        String type = define.text("kind");
        found.effect("sql:create", ObjectNames.kind(type), define.names("defnames"));
        reader.readBut(define, scope);
        return "CREATE " + ObjectNames.words(type);
    }

    private String grant(Node grant) {
        String action = grant.flag("is_grant") ? "sql:grant" : "sql:revoke";
        boolean everything = grant.text("targtype").equals("ACL_TARGET_ALL_IN_SCHEMA");
        String kind = everything ? "schema" : ObjectNames.kind(grant.text("objtype"));
        String[] flags = everything ? new String[] {"all-in-schema"} : new String[] {};
        for (Node object : grant.list("objects")) {
            found.effect(action, kind, ObjectNames.name(object), flags);
        }
        return grant.flag("is_grant") ? "GRANT" : "REVOKE";
    }

    private String grantRole(Node grant) {
        String action = grant.flag("is_grant") ? "sql:grant" : "sql:revoke";
        grant.list("granted_roles").forEach(role -> found.effect(action, "role", ObjectNames.name(role)));
        return grant.flag("is_grant") ? "GRANT ROLE" : "REVOKE ROLE";
    }

    private String defaultPrivileges(Node alter) {
        String action = alter.child("action").flag("is_grant") ? "sql:grant" : "sql:revoke";
        List<Node> schemas = alter.list("options").stream()
                .filter(option -> option.text("defname").equals("schemas"))
                .flatMap(option -> option.child("arg").list("items").stream())
                .toList();
        if (schemas.isEmpty()) {
            found.effect(action, "default-privileges", List.of());
        }
        schemas.forEach(schema -> found.effect(action, "default-privileges", ObjectNames.name(schema)));
        return "ALTER DEFAULT PRIVILEGES";
    }

    /** Names of settings know no case (19.1.1). */
    private String set(Node set) {
        String name = set.text("name").toLowerCase(Locale.ROOT);
        String kind = set.text("kind");
        if (kind.equals("VAR_RESET") || kind.equals("VAR_RESET_ALL")) {
            found.effect("sql:reset", "setting", name.isEmpty() ? List.of() : List.of(name));
            return "RESET";
        }
        if (kind.equals("VAR_SET_MULTI")) {
            String prefix = name.equals("session characteristics") ? "default_" : "";
            for (Node option : set.list("args")) {
                String mode = option.is("DefElem") ? option.text("defname") : "transaction_snapshot";
                found.effect("sql:set", "setting", List.of(prefix + mode));
            }
        } else {
            found.effect("sql:set", "setting", List.of(name));
        }
        return "SET";
    }

    private String setFor(Node alter, String kind, String resource, List<String> name) {
        found.effect("sql:alter", resource, name);
        set(alter.child("setstmt"));
        return kind;
    }
}
