package io.countersign.postgres.snapshot;

/** What the gateway knows of a target's catalogue when it reads a statement. */
// Only its own constants make those two: no thread waits for one while it makes the other.
@SuppressWarnings("ClassInitializationDeadlock")
public sealed interface Known {

    Known UNASKED = new Unasked();
    Known MISSING = new Missing();

    /** Nothing, and nothing is expected: the policy does not have the target asked. */
    record Unasked() implements Known {}

    /** Nothing, though it should: the target does not answer. Names are taken for the worst that they could mean. */
    record Missing() implements Known {}

    record Taken(Snapshot snapshot) implements Known {}

    /** Equal where equal statements have equal effects. */
    default long version() {
        return switch (this) {
            case Unasked unasked -> 0;
            case Missing missing -> -1;
            case Taken(Snapshot snapshot) -> snapshot.version();
        };
    }
}
