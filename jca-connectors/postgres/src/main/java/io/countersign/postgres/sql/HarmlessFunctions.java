package io.countersign.postgres.sql;

import java.util.List;
import java.util.Set;

/**
 * Functions of PostgreSQL itself whose call changes nothing and shows nothing but what its arguments hold or the catalogue
 * shows to everybody. The list is data, taken from a server's catalogue; its file says how.
 */
public final class HarmlessFunctions {

    private static final Set<String> NAMES = ListedNames.read("harmless-functions.txt");

    /** They do something, but what they answer is no data. */
    private static final Set<String> QUIET = Set.of(
            "nextval",
            "setval",
            "lo_open",
            "lo_close",
            "lowrite",
            "lo_lseek",
            "lo_lseek64",
            "lo_tell",
            "lo_tell64",
            "lo_creat",
            "lo_create",
            "lo_truncate",
            "lo_truncate64",
            "lo_unlink",
            "set_config",
            "pg_sleep",
            "pg_sleep_for",
            "pg_sleep_until",
            "pg_notify",
            "pg_cancel_backend",
            "pg_terminate_backend",
            "pg_reload_conf",
            "pg_advisory_lock",
            "pg_advisory_lock_shared",
            "pg_advisory_unlock",
            "pg_advisory_unlock_all",
            "pg_advisory_unlock_shared",
            "pg_advisory_xact_lock",
            "pg_advisory_xact_lock_shared",
            "pg_try_advisory_lock",
            "pg_try_advisory_lock_shared",
            "pg_try_advisory_xact_lock",
            "pg_try_advisory_xact_lock_shared",
            "pg_export_snapshot",
            "pg_switch_wal",
            "pg_create_restore_point");

    private HarmlessFunctions() {}

    /**
     * Whether a name as written means one of them, if the session's schemas do not put another in front.
     *
     * @param name with a schema or without; with any schema but {@code pg_catalog} it is never harmless
     */
    public static boolean contains(List<String> name) {
        boolean builtIn =
                name.size() == 1 || (name.size() == 2 && name.getFirst().equals("pg_catalog"));
        return builtIn && NAMES.contains(name.getLast());
    }

    /** Whether what it answers is surely none of the tables' data, but what its arguments hold. */
    public static boolean showNothing(List<String> name) {
        boolean builtIn =
                name.size() == 1 || (name.size() == 2 && name.getFirst().equals("pg_catalog"));
        return contains(name) || builtIn && QUIET.contains(name.getLast());
    }
}
