package io.countersign.ledger.boundary;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.List;

/** The tamper-evident record of everything that happened. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Ledger {

    /**
     * Entries in order.
     *
     * @param seq   only entries from the one after this; -1 for all
     * @param limit at most 1,000
     */
    public List<RecordView> after(long seq, int limit) {
        throw new UnsupportedOperationException();
    }

    /** The newest signed head. */
    public CheckpointView head() {
        throw new UnsupportedOperationException();
    }
}
