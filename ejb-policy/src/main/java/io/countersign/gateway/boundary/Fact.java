package io.countersign.gateway.boundary;

/**
 * One thing that must be true before the gateway serves.
 *
 * @param name  {@code store}, {@code policy}, {@code listeners}, {@code ledger}
 * @param words what is so, or what is wrong and what to do; fit for operators, free of secrets
 */
public record Fact(String name, boolean good, String words) {}
