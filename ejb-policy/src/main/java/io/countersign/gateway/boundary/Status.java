package io.countersign.gateway.boundary;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.List;
import java.util.SortedMap;

/** How the gateway is: facts for health checks, numbers for metrics. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Status {

    /** Whether the gateway serves: every fact is good. */
    public boolean ready() {
        return facts().stream().allMatch(Fact::good);
    }

    public List<Fact> facts() {
        throw new UnsupportedOperationException();
    }

    /** Metric name to value, for example {@code sessions_open}; durations in seconds. */
    public SortedMap<String, Double> numbers() {
        throw new UnsupportedOperationException();
    }
}
