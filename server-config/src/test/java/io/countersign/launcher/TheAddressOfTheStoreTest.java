package io.countersign.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TheAddressOfTheStoreTest {

    @Test
    void letsH2WriteAtCommitUnlessToldOtherwise() {
        assertThat(StoreAddress.of("jdbc:h2:file:/data/store", "u", "p"))
                .isEqualTo(new StoreAddress(
                        "jdbc:h2:file:/data/store;WRITE_DELAY=0", "org.h2.jdbcx.JdbcDataSource", "u", "p"));
        assertThat(StoreAddress.of("jdbc:h2:file:/data/store;write_delay=10", "", "")
                        .url())
                .isEqualTo("jdbc:h2:file:/data/store;write_delay=10");
    }

    @Test
    void givesUpItsUserAndPasswordSoThatItMayBeShown() {
        assertThat(StoreAddress.of(
                        "jdbc:postgresql://localhost:5433/records?user=c%40x&ssl=true&password=s%26t", "", ""))
                .isEqualTo(new StoreAddress(
                        "jdbc:postgresql://localhost:5433/records?ssl=true",
                        "org.postgresql.ds.PGSimpleDataSource",
                        "c@x",
                        "s&t"))
                .hasToString("StoreAddress[url=jdbc:postgresql://localhost:5433/records?ssl=true]");
        assertThat(StoreAddress.of("jdbc:postgresql://localhost/records?user=a", "b", "p"))
                .isEqualTo(new StoreAddress(
                        "jdbc:postgresql://localhost/records", "org.postgresql.ds.PGSimpleDataSource", "a", "p"));
        assertThat(StoreAddress.of("jdbc:h2:file:/x;USER=a;PASSWORD=b", "", ""))
                .isEqualTo(new StoreAddress("jdbc:h2:file:/x;WRITE_DELAY=0", "org.h2.jdbcx.JdbcDataSource", "a", "b"));
    }

    @Test
    void isNotOfADatabaseThatNobodyTested() {
        assertThatThrownBy(() -> StoreAddress.of("jdbc:oracle:thin:@x", "", ""))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("H2 or PostgreSQL");
    }
}
