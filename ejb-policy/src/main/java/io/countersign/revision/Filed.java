package io.countersign.revision;

/** What became of an attempt to propose a revision. */
public sealed interface Filed {

    record Waiting(Proposal proposal) implements Filed {}

    /** It is what decides already. */
    record InForce() implements Filed {}

    /** Another revision came into force since it was compared: compare it again. */
    record Overtaken() implements Filed {}

    /** @param most how many proposals may wait at a time */
    record TooMany(int most) implements Filed {}
}
