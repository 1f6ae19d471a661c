package io.countersign.policy;

/** What somebody may do in the console and by REST; groups carry roles. */
public enum Role {
    /** Sees the own sessions and requests. */
    REQUESTER,
    /** Countersigns, where the terms name one of its groups. */
    APPROVER,
    /** Reads everything, decides nothing. */
    AUDITOR,
    /** Reads everything, ends sessions. */
    ADMINISTRATOR
}
