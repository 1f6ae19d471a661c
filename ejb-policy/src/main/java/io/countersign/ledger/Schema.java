package io.countersign.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings a store's tables to this version's form, whichever database it is. */
public final class Schema {

    private Schema() {}

    /**
     * @return the version the store has now
     * @throws RuntimeException where the store cannot be reached or holds something else
     */
    public static String migrate(DataSource store) {
        boolean h2 = product(store).equals("H2");
        Flyway flyway = Flyway.configure(Schema.class.getClassLoader())
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
        flyway.migrate();
        return flyway.info().current().getVersion().getVersion();
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
