package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Content;
import io.countersign.api.Effect;
import io.countersign.postgres.PostgresEffects.Names;
import io.countersign.postgres.snapshot.Known;
import io.countersign.postgres.sql.Statement;
import io.countersign.postgres.sql.StatementReader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** PostgreSQL looks into its own schema first, unless the session's search path says otherwise (5.10.3). */
class ASchemaInFrontChangesWhatIsCalledTest {

    private static final StatementReader READER = new StatementReader();
    private static final String TEXT = "SELECT lower(item), pg_catalog.upper(item), item || 'x'::text FROM orders";

    @Test
    void behindItOnlyItsOwnIsMeant() {
        assertThat(effects("pg_catalog", "public")).containsExactly("sql:select on table public.orders");
        assertThat(effects("pg_temp_3", "pg_catalog", "public"))
                .containsExactly("sql:select on table pg_temp_3.orders", "sql:select on table public.orders");
    }

    @Test
    void inFrontOfItAnybodys() {
        assertThat(effects("evil", "pg_catalog"))
                .containsExactly(
                        "sql:select on table evil.orders",
                        "sql:call on function lower",
                        "sql:call on operator \"||\"",
                        "sql:call on type text");
        assertThat(effects("pg_temp_3", "evil", "pg_catalog")).contains("sql:call on function lower");
    }

    private static List<String> effects(String... schemas) {
        Content content = new PostgresEffects(text -> Reading.of(READER, text))
                .content(read(), List.of(schemas), new NoNames(), Known.UNASKED)
                .content();
        return content.effects().stream().map(Effect::described).toList();
    }

    private static Reading read() {
        return Reading.of(READER, TEXT);
    }

    private static final class NoNames implements Names {

        @Override
        public Optional<Statement> prepared(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<Statement> cursor(String name) {
            return Optional.empty();
        }
    }
}
