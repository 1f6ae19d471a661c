package io.countersign.postgres;

import io.countersign.api.Effect;
import io.countersign.postgres.sql.Statement;
import io.countersign.postgres.sql.Statement.SessionName;
import java.util.Set;

/**
 * What a statement leaves behind in its session: whether those that follow may mean something else, or be read in another
 * way, than they would have before it (5.10.3 "The Schema Search Path", 20.11 "Client Connection Defaults").
 */
final class Aftermath {

    /** Settings that change what names mean, or by whose right. */
    private static final Set<String> NAMING = Set.of("search_path", "role", "session_authorization", "all");

    /** What the gateway relies on when it reads; see {@link SessionState#pinned}. */
    private static final Set<String> PINNED = Set.of("client_encoding", "names", "standard_conforming_strings");

    private Aftermath() {}

    /** Whether names may mean something else afterwards: settings, role, schemas, and what nobody can see into. */
    static boolean renames(Statement statement, PostgresEffects.Names names) {
        if (statement.flags().contains("opaque") || statement.kind().equals("UNKNOWN")) {
            return true;
        }
        for (Effect effect : statement.effects()) {
            boolean renames = switch (effect.resource().kind()) {
                case "setting" ->
                    effect.resource().path().isEmpty()
                            || NAMING.contains(effect.resource().path().getLast());
                case "role", "schema", "session" -> true;
                default -> false;
            };
            if (renames && !effect.action().equals("sql:show")) {
                return true;
            }
        }
        return statement.names() instanceof SessionName.Executes(String name)
                && names.prepared(name)
                        .map(prepared -> renames(prepared, names))
                        .orElse(true);
    }

    /**
     * Whether the target must be asked for the session's state before the next command is judged.
     *
     * @param reported whether the target reports changes of the search path by itself, whoever makes them
     */
    static boolean unsettles(Statement statement, boolean reported, PostgresEffects.Names names) {
        // A temporary table brings its schema with it.
        return renames(statement, names)
                || statement.kind().startsWith("CREATE ")
                || statement.kind().equals("SELECT INTO")
                || !reported && !statement.calls().isEmpty();
    }

    /** Whether it may change how the bytes that follow would be read. */
    static boolean unpins(Statement statement) {
        for (Effect effect : statement.effects()) {
            if (effect.resource().kind().equals("setting")
                    && (effect.resource().path().isEmpty()
                            || PINNED.contains(effect.resource().path().getLast()))) {
                return true;
            }
        }
        return false;
    }
}
