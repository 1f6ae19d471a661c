package io.countersign.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Effect;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SqlIsReadForPolicyTestsTest {

    private final SqlContents contents = new SqlContents();

    private Stream<String> effects(String sql) {
        return contents.read(sql, List.of("public", "shop")).effects().stream().map(Effect::described);
    }

    @Test
    void asTheGatewayReadsIt() {
        assertThat(effects("DELETE FROM orders"))
                .contains("sql:delete on table public.orders (no-where)", "sql:delete on table shop.orders (no-where)");
        assertThat(effects("SELECT * FROM audit.events, pg_class"))
                .contains("sql:select on table audit.events", "sql:select on table pg_catalog.pg_class");
    }

    @Test
    void whatIsNotUnderstoodSaysSo() {
        assertThatThrownBy(() -> contents.read("DELETE FORM orders", List.of("public")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not understood");
    }
}
