package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.countersign.api.Content;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.Malformed;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.snapshot.Known;
import io.countersign.postgres.sql.Statement;
import io.countersign.postgres.sql.StatementReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;

/** The way from a query's bytes through PostgreSQL's parser to its effects, whatever the bytes. */
class AnyTextIsReadOrRefusedTest {

    private static final StatementReader READER = new StatementReader();

    private static final List<String> SCHEMAS = List.of("pg_catalog", "alice", "public");

    private static final PostgresEffects.Names UNKNOWN = new PostgresEffects.Names() {
        @Override
        public Optional<Statement> prepared(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<Statement> cursor(String name) {
            return Optional.empty();
        }
    };

    private final PostgresEffects effects = new PostgresEffects(text -> Reading.of(READER, text));

    @FuzzTest
    void statements(byte[] input) {
        ByteBuf body = Unpooled.buffer().writeBytes(input).writeByte(0);
        Reading reading;
        try {
            reading = effects.read(((Query) FrontendMessage.decode(Query.TYPE, body)).text());
        } catch (Malformed e) {
            return;
        }
        if (reading.error().isPresent()) {
            // A text as short as a fuzzer's neither exhausts the parser nor has a form that the server does not know.
            assertThat(reading.error().get().message())
                    .doesNotContain("the statement is too large", "the statement is of an unknown form");
            assertThat(reading.statements()).isEmpty();
            return;
        }
        Content content =
                effects.content(reading, SCHEMAS, UNKNOWN, Known.UNASKED).content();
        assertThat(content.effects()).isNotEmpty();
        assertThat(content.kinds()).hasSameSizeAs(reading.statements());
        if (reading.empty()) {
            assertThat(reading.text().replaceAll("(?s)/\\*.*\\*/|--[^\n\r]*", ""))
                    .matches("[\\s;\u000b]*");
        }
        CopyShape.of(reading.text())
                .ifPresent(shape -> assertThat(shape.table()).hasSizeBetween(1, 2));
        for (Statement statement : reading.statements()) {
            Aftermath.unsettles(statement, false, UNKNOWN);
            Aftermath.unpins(statement);
            PostgresEffects.needsSchemas(statement);
        }
    }
}
