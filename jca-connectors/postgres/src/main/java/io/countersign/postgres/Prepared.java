package io.countersign.postgres;

import java.util.List;

/**
 * A prepared statement of the session, by Parse or by PREPARE.
 *
 * <p>Parameter types may become known after it was made, by ParameterDescription.
 */
final class Prepared {

    final Reading reading;
    List<Integer> types;

    /** That keeps memory. */
    final Footprint.Text text;

    Prepared(Reading reading, List<Integer> types) {
        this(reading, types, new Footprint.Text(reading.text()));
    }

    Prepared(Reading reading, List<Integer> types, Footprint.Text text) {
        this.reading = reading;
        this.types = types;
        this.text = text;
    }
}
