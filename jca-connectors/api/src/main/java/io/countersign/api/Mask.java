package io.countersign.api;

import java.util.Set;

/**
 * Which values of an answer to hide, and how.
 *
 * @param name the rule's name, for the record
 */
public record Mask(String name, Selector selector, Way way) {

    /** The stricter of two masks that select the same value; this one where neither is. */
    public Mask stricter(Mask other) {
        return other.way.compareTo(way) < 0 ? other : this;
    }

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

    /** Recognises what a value is by its form; the connectors' rules for each stand in core's {@code detectors.txt}. */
    public enum Detector {
        /** 13 to 19 digits, separators allowed, valid by Luhn (ISO/IEC 7812-1 annex B). */
        PAYMENT_CARD,
        /** An address as in RFC 5322 §3.4.1, without quoted local parts and comments. */
        EMAIL,
        /** An account number of ISO 13616, of its country's length and valid by mod 97. */
        IBAN,
        /** A number that can be dialled: with country code (ITU-T E.164), or as North Americans write theirs. */
        PHONE,
        /** What a state gives its people: social security, tax and identity numbers. */
        NATIONAL_ID,
        /** Version 4 and version 6 (RFC 4291 §2.2). */
        IP_ADDRESS,
        /** A token in compact serialization (RFC 7515 §7.1, RFC 7516 §7.1). */
        JWT,
        /** Access keys and tokens of well-known services, by their prefixes. */
        API_KEY,
        /** What stands in textual encoding (RFC 7468): keys, certificates. */
        PEM_BLOCK,
        /** Whatever stands in a column that is named as if it held a secret. */
        PASSWORD_COLUMN
    }

    /**
     * What stands in a hidden value's place. In order, the strictest first: each shows whatever those before it show, and
     * more.
     */
    public enum Way {
        /** SQL NULL, or the protocol's absence of a value: not even whether there is one. */
        NULL,
        /** A fixed word, whatever the value's length: that there is a value. */
        REDACT,
        /** All but the last four letters and digits become {@code *}; separators stay: a part of the value itself. */
        KEEP_LAST_4
    }
}
