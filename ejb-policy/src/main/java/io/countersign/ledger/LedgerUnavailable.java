package io.countersign.ledger;

import jakarta.ejb.ApplicationException;

/** The record cannot be written or read at the moment: whatever depends on it is refused. */
@ApplicationException(rollback = true)
public class LedgerUnavailable extends RuntimeException {

    public LedgerUnavailable(String message) {
        super(message);
    }

    public LedgerUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
