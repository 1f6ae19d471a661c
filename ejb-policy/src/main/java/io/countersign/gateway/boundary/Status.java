package io.countersign.gateway.boundary;

import io.countersign.adapter.boundary.Adapters;
import io.countersign.gateway.Latency;
import io.countersign.gateway.Meters;
import io.countersign.grant.boundary.GrantsInUse;
import io.countersign.ledger.LedgerUnavailable;
import io.countersign.ledger.boundary.Ledger;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.boundary.PolicyInForce;
import io.countersign.policy.boundary.PolicyUnavailable;
import io.countersign.revision.boundary.PolicyRepository;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** How the gateway is: facts for health checks, numbers for metrics. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Status {

    @Inject
    private GatewayStart start;

    @Inject
    private Meters meters;

    @Inject
    private PolicyInForce policy;

    @Inject
    private PolicyRepository repository;

    @Inject
    private Ledger ledger;

    @Inject
    private GrantsInUse grants;

    @Inject
    private Adapters adapters;

    /** Whether the gateway serves: every fact is good. */
    public boolean ready() {
        return facts().stream().allMatch(Fact::good);
    }

    /** What must be true before it serves, whether it is or not. */
    public List<Fact> facts() {
        return List.of(store(), ledger(), policy(), listeners());
    }

    /** Metric name to value, for example {@code sessions_open}; durations in seconds. */
    public SortedMap<String, Double> numbers() {
        SortedMap<String, Double> numbers = new TreeMap<>();
        adapters.counters()
                .values()
                .forEach(counters ->
                        counters.forEach((name, value) -> numbers.merge(name, (double) value, Double::sum)));
        for (Ruling ruling : Ruling.values()) {
            numbers.put(
                    "commands_judged_total{verdict=\"" + ruling.name().toLowerCase(Locale.ROOT) + "\"}",
                    meters.commands(ruling).doubleValue());
        }
        numbers.put("sign_ins_total", meters.signIns.doubleValue());
        numbers.put("sign_ins_refused_total", meters.signInsRefused.doubleValue());
        numbers.put("refused_unavailable_total", meters.unavailable.doubleValue());
        numbers.put("ledger_entries_total", meters.entries.doubleValue());
        numbers.put("ledger_blocks_total", meters.blocks.doubleValue());
        numbers.put("outcomes_lost_total", meters.outcomesLost.doubleValue());
        numbers.put("store_failures_total", meters.storeFailures.doubleValue());
        numbers.put("policy_pulls_failed_total", (double) repository.failures());
        numbers.put("break_glass_total", (double) grants.timesBroken());
        numbers.put("break_glass_open", (double) grants.alarms().size());
        numbers.put("grants_in_use", (double) grants.count());
        latency(numbers, "judge_seconds", meters.judge);
        latency(numbers, "commit_seconds", meters.commit);
        return numbers;
    }

    private static void latency(SortedMap<String, Double> numbers, String name, Latency latency) {
        for (String quantile : List.of("0.5", "0.9", "0.99")) {
            numbers.put(name + "{quantile=\"" + quantile + "\"}", latency.percentile(Double.parseDouble(quantile)));
        }
    }

    private Fact store() {
        String schema = start.schema();
        return schema.isEmpty()
                ? new Fact("store", false, "The store is not migrated yet.")
                : new Fact("store", true, "Its schema has version " + schema + ".");
    }

    private Fact ledger() {
        try {
            Throwable failure = ledger.committer().failure();
            return failure == null
                    ? new Fact(
                            "ledger",
                            true,
                            "It has " + ledger.committer().head().size() + " entries.")
                    : new Fact(
                            "ledger",
                            false,
                            "Nothing can be recorded, so commands are refused: " + failure.getMessage());
        } catch (LedgerUnavailable e) {
            return new Fact("ledger", false, String.valueOf(e.getMessage()));
        }
    }

    private Fact policy() {
        try {
            String revision = policy.current().revision();
            return repository
                    .problem()
                    .map(problem -> "the newer one cannot be pulled: " + problem)
                    .or(() -> policy.problem().map(problem -> "the newer one is not valid: " + problem))
                    .map(words -> new Fact("policy", true, "Revision " + revision + " is in force; " + words))
                    .orElseGet(() -> new Fact("policy", true, "Revision " + revision + " is in force."));
        } catch (PolicyUnavailable e) {
            return new Fact("policy", false, String.valueOf(e.getMessage()));
        }
    }

    private Fact listeners() {
        SortedMap<String, Boolean> listening = adapters.listening();
        List<String> deaf = listening.entrySet().stream()
                .filter(one -> !one.getValue())
                .map(java.util.Map.Entry::getKey)
                .toList();
        return deaf.isEmpty()
                ? new Fact("listeners", true, "Open: " + String.join(", ", listening.keySet()) + ".")
                : new Fact("listeners", false, "Not open: " + String.join(", ", deaf) + ". The log says why.");
    }
}
