package io.countersign.postgres.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnArrayIsReadInItsBinaryFormTest {

    private static final int NAME = 19;

    @Test
    void withWhateverStandsInItsElements() {
        byte[] array = array(1, "pg_catalog", "öffentlich", "a \"b\", {c}", "");
        assertThat(row(array).array(0)).containsExactly("pg_catalog", "öffentlich", "a \"b\", {c}", "");
    }

    @Test
    void andWithoutAny() {
        ByteBuf none = Unpooled.buffer().writeInt(0).writeInt(0).writeInt(NAME);
        assertThat(row(ByteBufUtil.getBytes(none)).array(0)).isEmpty();
    }

    @Test
    void butNotWhereItIsCutOrLonger() {
        byte[] array = array(1, "public", "shop");
        for (int length = 0; length < array.length; length++) {
            byte[] cut = Arrays.copyOf(array, length);
            assertThatThrownBy(() -> row(cut).array(0)).isInstanceOf(Malformed.class);
        }
        byte[] longer = Arrays.copyOf(array, array.length + 1);
        assertThatThrownBy(() -> row(longer).array(0)).isInstanceOf(Malformed.class);
    }

    @Test
    void norWhereItIsSomethingElse() {
        byte[] table = array(2, "public");
        assertThatThrownBy(() -> row(table).array(0)).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> row(table).array(1)).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> new DataRow(Collections.singletonList(null)).array(0))
                .isInstanceOf(Malformed.class);
    }

    private static DataRow row(byte[] array) {
        return new DataRow(List.of(array));
    }

    private static byte[] array(int dimensions, String... elements) {
        ByteBuf out = Unpooled.buffer().writeInt(dimensions).writeInt(0).writeInt(NAME);
        out.writeInt(elements.length).writeInt(1);
        for (String element : elements) {
            byte[] bytes = element.getBytes(StandardCharsets.UTF_8);
            out.writeInt(bytes.length).writeBytes(bytes);
        }
        return ByteBufUtil.getBytes(out);
    }
}
