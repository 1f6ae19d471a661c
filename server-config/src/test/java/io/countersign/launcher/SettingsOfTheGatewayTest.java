package io.countersign.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SettingsOfTheGatewayTest {

    @Test
    void letH2WriteAtCommitUnlessToldOtherwise() {
        assertThat(store("jdbc:h2:file:/data/store"))
                .isEqualTo("jdbc:h2:file:/data/store;WRITE_DELAY=0 org.h2.jdbcx.JdbcDataSource");
        assertThat(store("jdbc:h2:file:/data/store;WRITE_DELAY=10"))
                .isEqualTo("jdbc:h2:file:/data/store;WRITE_DELAY=10 org.h2.jdbcx.JdbcDataSource");
    }

    @Test
    void nameTheDataSourceThatBelongsToTheStore() {
        assertThat(store("jdbc:postgresql://localhost/countersign"))
                .isEqualTo("jdbc:postgresql://localhost/countersign org.postgresql.ds.PGSimpleDataSource");
    }

    @Test
    void refuseAStoreThatNobodyTested() {
        assertThatThrownBy(() -> store("jdbc:oracle:thin:@x"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("H2 or PostgreSQL");
    }

    private static String store(String url) {
        var settings = new GatewaySettings().store(url, "", "").asMap();
        return settings.get("countersign.store.url") + " " + settings.get("countersign.store.driver");
    }
}
