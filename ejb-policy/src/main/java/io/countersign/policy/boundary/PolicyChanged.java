package io.countersign.policy.boundary;

/** Another revision of the policy came into force. */
public record PolicyChanged(String revision) {}
