package io.countersign.api;

import java.util.Set;

/**
 * Which values of an answer to hide, and how.
 *
 * @param name the rule's name, for the record
 */
public record Mask(String name, Selector selector, Way way) {

    /** What a mask applies to. */
    public sealed interface Selector {

        /**
         * Columns by origin or result name.
         *
         * @param table  glob over the qualified table name ({@code public.customers}, {@code *.customers}, {@code **})
         * @param column glob over the column's name ({@code card*})
         */
        record Column(String table, String column) implements Selector {}

        /** Parts of any value that a detector recognises. */
        record Detected(Set<Detector> detectors) implements Selector {
            public Detected {
                detectors = Set.copyOf(detectors);
            }
        }
    }

    /** Recognises what a value is by its form. */
    public enum Detector {
        /** 13 to 19 digits, separators allowed, valid by Luhn (ISO/IEC 7812-1 annex B). */
        PAYMENT_CARD,
        /** An address as in RFC 5322 §3.4.1, without quoted local parts and comments. */
        EMAIL
    }

    /** What stands in a hidden value's place. */
    public enum Way {
        /** A fixed word, whatever the value's length. */
        REDACT,
        /** All but the last four letters and digits become {@code *}; separators stay. */
        KEEP_LAST_4,
        /** SQL NULL, or the protocol's absence of a value. */
        NULL
    }
}
