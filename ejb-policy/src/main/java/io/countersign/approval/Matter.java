package io.countersign.approval;

/** What an approval request is about. */
public enum Matter {
    /** A command that was held. */
    COMMAND,
    /** Elevation to a duty for a time. */
    GRANT,
    /** Commands that run together, by somebody else and later. */
    PLAN,
    /** What was done after somebody broke the glass: closed once enough others have looked, whatever they found. */
    REVIEW
}
