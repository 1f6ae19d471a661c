package io.countersign.policy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads {@code tickets}: how long they last at most. */
final class TicketReader {

    private @Nullable Duration longest;

    Duration longest() {
        return longest == null ? Ticketing.USUAL : longest;
    }

    void tickets(Yaml.Fields fields) {
        fields.only("longest");
        if (longest != null) {
            fields.problem("'tickets' stands in two files");
        }
        longest = Values.duration(fields, "longest", Ticketing.USUAL, Ticketing.MOST);
    }
}
