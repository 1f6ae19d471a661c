package io.countersign.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.postgres.sql.Statement.SessionName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TheSessionsOwnNamesAreToldTest {

    private static final StatementReader READER = new StatementReader();

    @Test
    void prepareHasTheStatementInIt() throws NotUnderstood {
        Statement prepare = read("PREPARE p AS DELETE FROM t RETURNING card");
        assertThat(prepare.names()).isInstanceOfSatisfying(SessionName.Prepares.class, names -> {
            assertThat(names.name()).isEqualTo("p");
            assertThat(names.inner().kind()).isEqualTo("DELETE");
            assertThat(names.inner().effects())
                    .singleElement()
                    .satisfies(effect -> assertThat(effect.described()).isEqualTo("sql:delete on table t (no-where)"));
            assertThat(names.inner().references()).containsExactly("card");
        });
    }

    @Test
    void executeNamesWhatItRuns() throws NotUnderstood {
        assertThat(read("EXECUTE \"P\" (1)").names()).isEqualTo(new SessionName.Executes("P"));
        assertThat(read("EXPLAIN ANALYZE EXECUTE p").names()).isEqualTo(new SessionName.Executes("p"));
        assertThat(read("EXPLAIN EXECUTE p").names()).isEqualTo(new SessionName.Executes("p"));
        assertThat(read("CREATE TABLE n AS EXECUTE p").names()).isEqualTo(new SessionName.Executes("p"));
    }

    @Test
    void whatGoesAndComes() throws NotUnderstood {
        assertThat(read("DEALLOCATE p").names()).isEqualTo(new SessionName.Deallocates(Optional.of("p")));
        assertThat(read("DEALLOCATE ALL").names()).isEqualTo(new SessionName.Deallocates(Optional.empty()));
        assertThat(read("DISCARD ALL").names()).isEqualTo(new SessionName.Deallocates(Optional.empty()));
        assertThat(read("DECLARE c CURSOR FOR SELECT 1").names()).isEqualTo(new SessionName.Declares("c", false));
        assertThat(read("DECLARE c CURSOR WITH HOLD FOR SELECT 1").names())
                .isEqualTo(new SessionName.Declares("c", true));
        assertThat(read("CLOSE c").names()).isEqualTo(new SessionName.Closes(Optional.of("c")));
        assertThat(read("CLOSE ALL").names()).isEqualTo(new SessionName.Closes(Optional.empty()));
        for (String savepoint : List.of("SAVEPOINT s", "RELEASE s", "ROLLBACK TO s")) {
            assertThat(read(savepoint).names()).isEqualTo(new SessionName.Savepoint("s"));
        }
        assertThat(read("FETCH c").names()).isEqualTo(new SessionName.Fetches("c"));
        assertThat(read("MOVE c").names()).isEqualTo(new SessionName.Fetches("c"));
        assertThat(read("SELECT 1").names()).isEqualTo(new SessionName.None());
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
                    SET client_encoding TO latin1                                    => client_encoding
                    SET NAMES 'latin1'                                               => client_encoding
                    SET "Client_Encoding" TO DEFAULT                                 => client_encoding
                    RESET CLIENT_ENCODING                                            => client_encoding
                    SELECT set_config('CLIENT_ENCODING', 'latin1', true)             => client_encoding
                    SELECT set_config('client_' || 'encoding', 'latin1', true)       => *
                    SELECT set_config(setting_name := 'client_encoding', new_value := '', is_local := true)  => *
                    SELECT 1 FROM t WHERE set_config('client_encoding', a, false) = b   => client_encoding
                    EXPLAIN SELECT set_config('client_encoding', 'latin1', false)    => client_encoding
                    PREPARE p AS SELECT set_config('client_encoding', 'latin1', false)  => client_encoding
                    ALTER ROLE bob SET client_encoding TO latin1                     => client_encoding
                    ALTER DATABASE d SET client_encoding TO latin1                   => client_encoding
                    ALTER SYSTEM SET client_encoding TO latin1                       => client_encoding
                    ALTER FUNCTION f() SET client_encoding TO latin1                 => client_encoding
                    UPDATE pg_catalog.pg_settings SET setting = 'x'                  => *
                    RESET ALL                                                        => *
                    DISCARD ALL                                                      => *
                    SHOW client_encoding                                             => -
                    """)
    void aSettingIsNamedHoweverItIsChanged(String text, String setting) throws NotUnderstood {
        assertThat(read(text).settings()).isEqualTo(setting.equals("-") ? Set.of() : Set.of(setting));
    }

    private static Statement read(String text) throws NotUnderstood {
        return READER.read(text).statements().getFirst();
    }
}
