package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Content;
import io.countersign.api.Digest;
import io.countersign.api.Effect;
import io.countersign.postgres.PostgresEffects.Names;
import io.countersign.postgres.snapshot.Known;
import io.countersign.postgres.sql.Statement;
import io.countersign.postgres.sql.StatementReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whoever judges and masks finds what they made for one of them by the very same effects. */
class TextsThatSayTheSameShareItTest {

    private final StatementReader reader = new StatementReader();
    private final PostgresEffects effects = new PostgresEffects(text -> Reading.of(reader, text));
    private String prepared = "SELECT 1";

    @Test
    void butTheirTextsAreTheirOwn() {
        content("SELECT card FROM orders WHERE id = 1001", "public");
        content("SELECT card FROM orders WHERE id = 1002", "public");
        Content third = content("SELECT card FROM orders WHERE id = 1003", "public");
        Content fourth = content("SELECT card FROM orders WHERE id = 1004", "public");

        assertThat(fourth.effects()).isSameAs(third.effects());
        assertThat(fourth.references()).isSameAs(third.references());
        assertThat(fourth.elsewhere()).isSameAs(third.elsewhere()).containsExactly(".id");
        assertThat(fourth.text()).isEqualTo("SELECT card FROM orders WHERE id = 1004");
        assertThat(fourth.digest()).isEqualTo(Digest.of(fourth.text().getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void inOtherSchemasTheyMeanOthers() {
        for (int id = 1000; id < 1004; id++) {
            assertThat(described(content("SELECT card FROM orders WHERE id = " + id, "public")))
                    .containsExactly("sql:select on table public.orders");
            assertThat(described(content("SELECT card FROM orders WHERE id = " + id, "archive")))
                    .containsExactly("sql:select on table archive.orders");
        }
    }

    @Test
    void whatDependsOnTheSessionIsReadEachTime() {
        for (int again = 0; again < 4; again++) {
            prepared = again % 2 == 0 ? "SELECT 1 FROM orders" : "DELETE FROM orders";
            assertThat(described(content("EXECUTE p (100" + again + ")", "public")))
                    .contains((again % 2 == 0 ? "sql:select" : "sql:delete") + " on table public.orders"
                            + (again % 2 == 0 ? "" : " (no-where)"));
        }
    }

    private Content content(String text, String schema) {
        return effects.content(Reading.of(reader, text), List.of("pg_catalog", schema), new Prepared(), Known.UNASKED)
                .content();
    }

    private static List<String> described(Content content) {
        return content.effects().stream().map(Effect::described).toList();
    }

    private final class Prepared implements Names {

        @Override
        public Optional<Statement> prepared(String name) {
            return Optional.of(Reading.of(reader, prepared).statements().getFirst());
        }

        @Override
        public Optional<Statement> cursor(String name) {
            return Optional.empty();
        }
    }
}
