package io.countersign.api;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One piece of a recorded conversation in words that a person can read, whatever the protocol was. */
public sealed interface Answer {

    /** Since the session started. */
    Duration at();

    /** The command it belongs to, 0 outside any. */
    long command();

    record Asked(Duration at, long command, String text) implements Answer {}

    record Columns(Duration at, long command, List<String> names) implements Answer {}

    /** Values as text; null for SQL NULL. */
    record Row(Duration at, long command, List<@Nullable String> values) implements Answer {}

    record Notice(Duration at, long command, String text) implements Answer {}

    record Failed(Duration at, long command, String code, String text) implements Answer {}

    record Done(Duration at, long command, String tag) implements Answer {}

    /** Bulk data, as text. */
    record Data(Duration at, long command, String text) implements Answer {}
}
