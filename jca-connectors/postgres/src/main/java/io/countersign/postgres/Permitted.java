package io.countersign.postgres;

import io.countersign.postgres.message.Report;

/** A permit, taken at its word. */
sealed interface Grant {

    record Given(Running running) implements Grant {}

    /** What it demands cannot be met for this command. */
    record Impossible(Report refusal) implements Grant {}
}
