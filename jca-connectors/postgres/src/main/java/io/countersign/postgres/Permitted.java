package io.countersign.postgres;

import io.countersign.postgres.message.Report;

/** What a permit comes to for one command, once it is known whether its obligations can be met. */
sealed interface Permitted {

    record Possible(Running running) implements Permitted {}

    /** What the permit demands cannot be met for this command. */
    record Impossible(Report refusal) implements Permitted {}
}
