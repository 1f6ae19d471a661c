package io.countersign.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfoService;

/** Brings a store's tables to this version's form, whichever database it is. */
public final class Schema {

    private Schema() {}

    /**
     * Changes nothing under a gateway that runs: it might not understand what it finds then.
     *
     * @param store the same as the source
     * @return the version the store has now
     * @throws IllegalStateException where the tables would change and another process writes to them
     * @throws RuntimeException where the store cannot be reached or holds something else
     */
    public static String migrate(DataSource source, Store store) throws InterruptedException {
        return migrate(source, store, Committer.PATIENCE);
    }

    static String migrate(DataSource source, Store store, Duration watch) throws InterruptedException {
        MigrationInfoService known = flyway(source).info();
        if (known.current() != null && known.pending().length > 0) {
            WriterTurn.watch(store, watch);
        }
        return migrate(source);
    }

    /**
     * For a store that nobody else uses.
     *
     * @return the version the store has now
     * @throws RuntimeException where the store cannot be reached or holds something else
     */
    public static String migrate(DataSource store) {
        Flyway flyway = flyway(store);
        flyway.migrate();
        return flyway.info().current().getVersion().getVersion();
    }

    private static Flyway flyway(DataSource store) {
        boolean h2 = product(store).equals("H2");
        return Flyway.configure(Schema.class.getClassLoader())
                .dataSource(store)
                .locations("classpath:db/migration")
                .placeholders(Map.of(
                        "bytes",
                        h2 ? "BLOB" : "BYTEA",
                        "short_bytes",
                        h2 ? "VARBINARY(8192)" : "BYTEA",
                        "packed_as_it_is",
                        h2 ? "SELECT 1" : "ALTER TABLE ledger_block ALTER COLUMN packed SET STORAGE EXTERNAL"))
                .load();
    }

    /** {@code H2}, {@code PostgreSQL}: as the driver says. */
    public static String product(DataSource store) {
        try (Connection connection = store.getConnection()) {
            return connection.getMetaData().getDatabaseProductName();
        } catch (SQLException e) {
            throw new LedgerUnavailable("the store cannot be reached: " + e.getMessage(), e);
        }
    }
}
