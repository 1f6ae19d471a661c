package io.countersign.ledger;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.EntityTransaction;
import jakarta.persistence.Persistence;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.h2.jdbcx.JdbcDataSource;

/** The real schema in H2's memory, with plain transactions, and a plug that can be pulled. */
public final class TestStore implements Store, AutoCloseable {

    private final EntityManagerFactory factory;
    private final JdbcDataSource source = new JdbcDataSource();
    private volatile boolean broken;
    private volatile boolean answersLost;
    private volatile boolean waitedFor;
    private volatile CountDownLatch hanging = new CountDownLatch(0);
    private final AtomicInteger transactions = new AtomicInteger();

    public TestStore() {
        this("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    }

    public TestStore(String url) {
        source.setURL(url);
        Schema.migrate(source);
        factory = Persistence.createEntityManagerFactory(
                "outside-the-server", Map.of("jakarta.persistence.nonJtaDataSource", source));
    }

    /** Blocks are not stored from now on, until the plug is in again. */
    public void hang() {
        hanging = new CountDownLatch(1);
    }

    /** Whether somebody waits since it hangs. */
    public boolean isWaitedFor() {
        return waitedFor;
    }

    /** Nothing can be written from now on. */
    public void pullThePlug() {
        broken = true;
    }

    /** Commits happen and their answers never come. */
    public void loseAnswers() {
        answersLost = true;
    }

    public void plugIn() {
        broken = false;
        answersLost = false;
        hanging.countDown();
    }

    public int transactions() {
        return transactions.get();
    }

    @Override
    public <T> T transaction(Function<EntityManager, T> work) {
        if (broken) {
            throw new IllegalStateException("the plug is out");
        }
        transactions.incrementAndGet();
        try (EntityManager em = factory.createEntityManager()) {
            EntityTransaction transaction = em.getTransaction();
            transaction.begin();
            try {
                T result = work.apply(em);
                transaction.commit();
                if (answersLost) {
                    throw new IllegalStateException("the answer is lost");
                }
                return result;
            } finally {
                if (transaction.isActive()) {
                    transaction.rollback();
                }
            }
        }
    }

    @Override
    public void append(Block block) {
        if (broken) {
            throw new IllegalStateException("the plug is out");
        }
        try {
            waitedFor = hanging.getCount() > 0;
            hanging.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        transactions.incrementAndGet();
        try (Connection connection = source.getConnection()) {
            Blocks.insert(connection, block);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        if (answersLost) {
            throw new IllegalStateException("the answer is lost");
        }
    }

    @Override
    public <T> T aside(Function<EntityManager, T> work) {
        return transaction(work);
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public void close() {
        factory.close();
    }
}
