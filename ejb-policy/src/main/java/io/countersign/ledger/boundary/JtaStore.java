package io.countersign.ledger.boundary;

import io.countersign.ledger.Block;
import io.countersign.ledger.Blocks;
import io.countersign.ledger.LedgerUnavailable;
import io.countersign.ledger.Schema;
import io.countersign.ledger.Store;
import jakarta.annotation.Resource;
import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The store inside the container: Hibernate in JTA transactions, and blocks as they come, over the data source that the
 * settings name, an embedded H2 file where they name none.
 *
 * <p>PostgreSQL has forced a commit to disk when it answers. H2 has not, whatever its settings: only {@code CHECKPOINT SYNC}
 * does, so it follows each commit that somebody waits for.
 *
 * <p>A database that was stopped leaves dead connections in the pool: one that was not tried for a second is tried before
 * it is used, and where one is dead, all are replaced. More often would cost a round trip for each block.
 */
@Singleton
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionManagement(TransactionManagementType.BEAN)
@DataSourceDefinition(
        name = "java:app/jdbc/countersign",
        className = "${MPCONFIG=countersign.store.driver:org.h2.jdbcx.JdbcDataSource}",
        url = "${MPCONFIG=countersign.store.url:jdbc:h2:file:./countersign-data/store;WRITE_DELAY=0}",
        user = "${MPCONFIG=countersign.store.user:countersign}",
        password = "${MPCONFIG=countersign.store.password:}",
        minPoolSize = 2,
        initialPoolSize = 2,
        maxPoolSize = 16,
        properties = {
            "fish.payara.is-connection-validation-required=true",
            "fish.payara.connection-validation-method=custom-validation",
            "fish.payara.validation-classname=org.glassfish.api.jdbc.validation.JDBC40ConnectionValidation",
            "fish.payara.validate-atmost-once-period-in-seconds=1",
            "fish.payara.fail-all-connections=true"
        })
public class JtaStore implements Store {

    @PersistenceContext(unitName = "countersign")
    private EntityManager entities;

    @Resource
    private UserTransaction transaction;

    @Resource(lookup = "java:app/jdbc/countersign")
    private DataSource source;

    private volatile @Nullable Boolean h2;

    /**
     * @return the version of the schema that the store has now
     * @throws IllegalStateException where it would change under another gateway that writes to it
     */
    public String migrate() throws InterruptedException {
        return Schema.migrate(source, this);
    }

    @Override
    public <T> T transaction(Function<EntityManager, T> work) {
        T result = aside(work);
        if (isH2()) {
            sync();
        }
        return result;
    }

    @Override
    public void append(Block block) {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(true);
            Blocks.insert(connection, block);
        } catch (SQLException e) {
            throw new LedgerUnavailable("the store cannot be written: " + e.getMessage(), e);
        }
        if (isH2()) {
            sync();
        }
    }

    @Override
    public <T> T aside(Function<EntityManager, T> work) {
        try {
            transaction.begin();
            try {
                T result = work.apply(entities);
                transaction.commit();
                return result;
            } finally {
                if (transaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
                    transaction.rollback();
                }
            }
        } catch (NotSupportedException
                | SystemException
                | RollbackException
                | HeuristicMixedException
                | HeuristicRollbackException e) {
            throw new LedgerUnavailable("the store's transaction failed: " + e.getMessage(), e);
        } catch (PersistenceException e) {
            throw new LedgerUnavailable("the store cannot be read or written: " + e.getMessage(), e);
        }
    }

    /** H2 locks its file for one process; PostgreSQL serves many. */
    @Override
    public boolean shared() {
        return !isH2();
    }

    private boolean isH2() {
        Boolean known = h2;
        if (known == null) {
            known = Schema.product(source).equals("H2");
            h2 = known;
        }
        return known;
    }

    private void sync() {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT SYNC");
        } catch (SQLException e) {
            throw new LedgerUnavailable("the store cannot force its file to disk: " + e.getMessage(), e);
        }
    }
}
