package io.countersign.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Mask;
import io.countersign.api.Mask.Selector;
import io.countersign.api.Mask.Way;
import io.countersign.core.Masker;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.Opaque;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines of a COPY that are not as the table was: then nobody knows whose field is whose. */
class ALineThatIsNotUnderstoodIsHiddenTest {

    private static final Mask HIDDEN = new Mask("hidden", new Selector.Column("**", "secret"), Way.REDACT);

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "text; 1|secret;    1|[redacted]",
                "text; secret;      \\N",
                "text; 1|secret|2;  \\N|\\N|\\N",
                "csv;  1,secret;    1,\"[redacted]\"",
                "csv;  \"1,2\",\"\"; \"1,2\",\"[redacted]\"",
                "csv;  secret;      ``",
                "csv;  1,\";       `,`",
                "csv;  1,\"secret; `,`",
                "csv;  1,a\"b\"c; `,`"
            })
    void whole(String format, String line, String shown) {
        ByteBuf frame = PostgresCodec.encode(UnpooledByteBufAllocator.DEFAULT, (BackendMessage)
                new Opaque(Opaque.COPY_DATA, (line.replace('|', '\t') + "\n").getBytes(UTF_8)));
        CopyMask mask = new CopyMask(
                new Masker(List.of(HIDDEN)),
                List.of(Optional.empty(), Optional.of(HIDDEN)),
                format.equals("csv"),
                false);
        ByteBuf seen = Unpooled.buffer();
        assertThat(mask.apply(frame, 0, frame.readableBytes(), () -> seen)).isTrue();
        assertThat(seen.toString(PostgresCodec.HEADER, seen.readableBytes() - PostgresCodec.HEADER, UTF_8))
                .isEqualTo(shown.replace('|', '\t') + "\n");
        frame.release();
        seen.release();
    }
}
