package io.countersign.postgres.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads statements other than queries (part VI "SQL Commands"): those of {@link Definition} and those that need more.
 */
final class UtilityReader {

    private static final Set<String> FALSE = Set.of("false", "off", "no", "0");

    private final TreeReader reader;
    private final Findings found;

    UtilityReader(TreeReader reader) {
        this.reader = reader;
        this.found = reader.found();
    }

    /** Reads the statement and answers its kind, {@code UNKNOWN} if it is not known here; an effect then says so too. */
    String read(Node node, Scope scope) {
        return switch (node.type()) {
            case "ExplainStmt" -> explain(node, scope);
            case "CreateStmt" -> createTable(node, scope);
            case "CreateTableAsStmt" -> createAs(node, scope);
            case "CreateForeignTableStmt" -> foreignTable(node, scope);
            case "IndexStmt" -> index(node, scope);
            case "RuleStmt" -> rule(node, scope);
            case "CreateTrigStmt" -> trigger(node, scope);
            case "CreatePolicyStmt" -> policy(node, scope, "CREATE POLICY", "sql:create");
            case "AlterPolicyStmt" -> policy(node, scope, "ALTER POLICY", "sql:alter");
            case "AlterTableStmt" -> alterTable(node, scope);
            case "CreateFunctionStmt" -> createFunction(node, scope);
            case "ReturnStmt", "ReplicaIdentityStmt" -> all(node, scope, "");
            case "DoStmt" -> anonymous(node);
            case "CallStmt" -> call(node, scope);
            case "CopyStmt" -> copy(node, scope);
            case "VacuumStmt" -> vacuum(node);
            case "ReindexStmt" -> reindex(node);
            case "CreateSchemaStmt" -> createSchema(node, scope);
            case "ImportForeignSchemaStmt" -> importSchema(node);
            default ->
                new ObjectReader(reader)
                        .read(node, scope)
                        .or(() -> new SessionReader(reader).read(node, scope))
                        .orElseGet(() -> defined(node, scope));
        };
    }

    private String defined(Node node, Scope scope) {
        Definition definition = Definition.ALL.get(node.type());
        if (definition == null) {
            found.effect("sql:unknown", "statement", List.of());
            return all(node, scope, "UNKNOWN");
        }
        List<String> flags = new ArrayList<>(definition.flags());
        if (node.text("behavior").equals("DROP_CASCADE")) {
            flags.add("cascade");
        }
        definition
                .names(node)
                .forEach(name ->
                        found.effect(definition.action(), definition.resource(), name, flags.toArray(String[]::new)));
        if (node.has("funcname")) {
            found.function(node.names("funcname"));
        }
        reader.readBut(node, scope, definition.field());
        return definition.kind();
    }

    private String all(Node node, Scope scope, String kind) {
        reader.readBut(node, scope);
        return kind;
    }

    private String simple(String kind, String action, String resource, String name) {
        found.effect(action, resource, name.isEmpty() ? List.of() : List.of(name));
        return kind;
    }

    private String explain(Node explain, Scope scope) {
        boolean runs = explain.list("options").stream()
                .filter(option -> option.text("defname").equals("analyze"))
                .anyMatch(option -> !FALSE.contains(value(option.child("arg"))));
        if (runs) {
            found.effect("sql:explain", "nothing", List.of(), "explain-analyze");
            reader.read(explain.child("query"), scope);
        } else {
            found.effect("sql:explain", "nothing", List.of(), "explain");
            Findings planned = found.fresh();
            new TreeReader(planned).read(explain.child("query"), scope);
            planned.explainInto(found);
        }
        return "EXPLAIN";
    }

    private static String value(Node argument) {
        return argument.is("Integer")
                ? Integer.toString(argument.number("ival"))
                : argument.text("sval").toLowerCase(Locale.ROOT);
    }

    private String createTable(Node create, Scope scope) {
        reader.made(create.child("relation"));
        // As a partition or a child it becomes part of what its parents show.
        create.list("inhRelations").forEach(parent -> found.effect("sql:alter", "table", TreeReader.path(parent)));
        reader.readBut(create, scope, "relation", "inhRelations");
        return "CREATE TABLE";
    }

    private String createAs(Node create, Scope scope) {
        reader.made(create.child("into").child("rel"));
        reader.read(create.child("query"), scope);
        return create.text("objtype").equals("OBJECT_MATVIEW") ? "CREATE MATERIALIZED VIEW" : "CREATE TABLE AS";
    }

    private String foreignTable(Node create, Scope scope) {
        createTable(create.child("base"), scope);
        return "CREATE FOREIGN TABLE";
    }

    private String index(Node index, Scope scope) {
        Node table = index.child("relation");
        if (index.has("idxname")) {
            List<String> name = new ArrayList<>(TreeReader.path(table));
            name.set(name.size() - 1, index.text("idxname"));
            found.effect("sql:create", "index", name);
        }
        found.effect("sql:alter", "table", TreeReader.path(table));
        reader.readBut(index, scope, "relation");
        return "CREATE INDEX";
    }

    private String rule(Node rule, Scope scope) {
        part(rule.child("relation"), "sql:create", "rule", rule.text("rulename"));
        reader.readBut(rule, scope.with("old").with("new"), "relation");
        return "CREATE RULE";
    }

    private String trigger(Node trigger, Scope scope) {
        part(trigger.child("relation"), "sql:create", "trigger", trigger.text("trigname"), "opaque");
        found.function(trigger.names("funcname"));
        reader.readBut(trigger, scope, "relation");
        return "CREATE TRIGGER";
    }

    private String policy(Node policy, Scope scope, String kind, String action) {
        part(policy.child("table"), action, "policy", policy.text("policy_name"));
        reader.readBut(policy, scope, "table");
        return kind;
    }

    /** Something that belongs to a table: the table is altered. */
    private void part(Node table, String action, String resource, String name, String... flags) {
        List<String> path = new ArrayList<>(TreeReader.path(table));
        found.effect("sql:alter", "table", List.copyOf(path));
        path.add(name);
        found.effect(action, resource, path, flags);
    }

    private String alterTable(Node alter, Scope scope) {
        String objectType = alter.text("objtype");
        found.effect("sql:alter", ObjectNames.kind(objectType), TreeReader.path(alter.child("relation")));
        for (Node command : alter.list("cmds")) {
            Node other = command.child("def").is("PartitionCmd")
                    ? command.child("def").child("name")
                    : command.child("def");
            if (other.has("relname")) {
                // Partitions and parents change with it.
                found.effect("sql:alter", ObjectNames.kind(objectType), TreeReader.path(other));
                reader.readBut(command, scope, "def");
                reader.readBut(command.child("def"), scope, "name", "alias");
            } else {
                reader.read(command, scope);
            }
        }
        return "ALTER " + ObjectNames.words(objectType);
    }

    private String createFunction(Node create, Scope scope) {
        boolean text = !create.has("sql_body");
        found.effect(
                "sql:create", "function", create.names("funcname"), text ? new String[] {"opaque"} : new String[] {});
        reader.readBut(create, scope);
        if (text) {
            List<Node> body = option(create.list("options"), "as").child("arg").list("items");
            switch (option(create.list("options"), "language").child("arg").text("sval")) {
                case "sql" ->
                    body.stream().findFirst().ifPresent(code -> found.code().sql(code.text("sval"), found));
                case "plpgsql" -> found.code().function(found);
                default -> {}
            }
        }
        return create.flag("is_procedure") ? "CREATE PROCEDURE" : "CREATE FUNCTION";
    }

    private String anonymous(Node block) {
        Node named = option(block.list("args"), "language").child("arg");
        String language = named.has("sval") ? named.text("sval") : "plpgsql";
        found.effect("sql:do", "language", List.of(language), "opaque");
        if (language.equals("plpgsql")) {
            found.code().block(option(block.list("args"), "as").child("arg").text("sval"), found);
        }
        return "DO";
    }

    /** The empty node where there is none. */
    private static Node option(List<Node> options, String name) {
        return options.stream()
                .filter(option -> option.text("defname").equals(name))
                .findFirst()
                .orElse(Node.NONE);
    }

    private String call(Node call, Scope scope) {
        List<String> name = call.child("funccall").names("funcname");
        found.effect("sql:call", "function", name);
        found.function(name);
        reader.readBut(call.child("funccall"), scope);
        return "CALL";
    }

    /** A COPY of a table does what INSERT or SELECT would do, as well. */
    private String copy(Node copy, Scope scope) {
        boolean from = copy.flag("is_from");
        String action = from ? "sql:copy-from" : "sql:copy-to";
        if (copy.has("relation")) {
            List<String> table = TreeReader.path(copy.child("relation"));
            found.effect(action, "table", table);
            found.effect(from ? "sql:insert" : "sql:select", "table", table);
            copy.names("attlist").forEach(found::reference);
            if (!copy.has("attlist")) {
                found.reference(Statement.ALL_COLUMNS);
            }
        } else {
            found.effect(action, "query", List.of());
            reader.read(copy.child("query"), scope);
        }
        if (copy.flag("is_program")) {
            found.effect("sql:copy-program", "program", List.of(copy.text("filename")), "opaque");
        } else if (copy.has("filename")) {
            found.effect("sql:copy-file", "file", List.of(copy.text("filename")));
        }
        reader.readBut(copy, scope, "relation", "query");
        return "COPY";
    }

    private String vacuum(Node vacuum) {
        boolean isVacuum = vacuum.flag("is_vacuumcmd");
        String action = isVacuum ? "sql:vacuum" : "sql:analyze";
        List<Node> tables = vacuum.list("rels");
        if (tables.isEmpty()) {
            found.effect(action, "database", List.of());
        }
        tables.forEach(table -> found.effect(action, "table", TreeReader.path(table.child("relation"))));
        return isVacuum ? "VACUUM" : "ANALYZE";
    }

    private String reindex(Node reindex) {
        String what = reindex.text("kind").replace("REINDEX_OBJECT_", "");
        if (reindex.has("relation")) {
            String kind = what.equals("INDEX") ? "index" : "table";
            found.effect("sql:reindex", kind, TreeReader.path(reindex.child("relation")));
        } else {
            String kind = what.equals("SCHEMA") ? "schema" : "database";
            simple("", "sql:reindex", kind, reindex.text("name"));
        }
        return "REINDEX";
    }

    private String createSchema(Node create, Scope scope) {
        String name = create.has("schemaname")
                ? create.text("schemaname")
                : create.child("authrole").text("rolename");
        simple("", "sql:create", "schema", name);
        Findings elements = found.fresh();
        new TreeReader(elements).readBut(create, scope);
        elements.inSchemaInto(found, name);
        return "CREATE SCHEMA";
    }

    private String importSchema(Node imported) {
        String schema = imported.text("local_schema");
        found.effect("sql:import", "schema", List.of(schema));
        if (imported.text("list_type").equals("FDW_IMPORT_SCHEMA_LIMIT_TO")) {
            imported.list("table_list")
                    .forEach(table -> found.effect("sql:create", "table", List.of(schema, table.text("relname"))));
        }
        return "IMPORT FOREIGN SCHEMA";
    }
}
