package io.countersign.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnlyPostgresOwnFunctionsAreHarmlessTest {

    @ParameterizedTest
    @ValueSource(strings = {"lower", "count", "now", "row_number", "random", "gen_random_uuid", "uuidv7", "jsonb_agg"})
    void whichChangeNothing(String name) {
        assertThat(HarmlessFunctions.contains(List.of(name))).isTrue();
        assertThat(HarmlessFunctions.contains(List.of("pg_catalog", name))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pg_sleep",
                "set_config",
                "nextval",
                "setval",
                "pg_terminate_backend",
                "pg_cancel_backend",
                "pg_advisory_lock",
                "pg_notify",
                "pg_read_file",
                "pg_ls_dir",
                "pg_stat_file",
                "lo_import",
                "lo_open",
                "lo_unlink",
                "lowrite",
                "lo_get",
                "loread",
                "query_to_xml",
                "table_to_xml",
                "database_to_xml",
                "ts_stat",
                "ts_rewrite",
                "dblink",
                "pg_current_logfile",
                "pg_stat_get_activity",
                "pg_switch_wal",
                "my_function",
                "LOWER"
            })
    void andNoOthers(String name) {
        assertThat(HarmlessFunctions.contains(List.of(name))).isFalse();
    }

    @Test
    void inNoSchemaButTheirs() {
        assertThat(HarmlessFunctions.contains(List.of("public", "lower"))).isFalse();
        assertThat(HarmlessFunctions.contains(List.of("d", "pg_catalog", "lower")))
                .isFalse();
    }
}
