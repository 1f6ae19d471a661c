package io.countersign.api;

import java.util.Optional;
import java.util.Set;

/**
 * Which values of an answer to hide, and how.
 *
 * @param name      the rule's name, for the record
 * @param key       what a keyed way works with; there for a keyed way, and only there
 * @param elsewhere what becomes of a command that would tell of the values in another way than by showing them
 */
public record Mask(String name, Selector selector, Way way, Optional<Secret> key, Elsewhere elsewhere) {

    public Mask {
        if (way.keyed() != key.isPresent()) {
            throw new IllegalArgumentException("mask " + name + " has " + (key.isPresent() ? "a" : "no")
                    + " key, but its way " + way + (way.keyed() ? " needs one" : " has no use for one"));
        }
    }

    /** A mask that refuses what it cannot hide. */
    public Mask(String name, Selector selector, Way way, Optional<Secret> key) {
        this(name, selector, way, key, Elsewhere.REFUSE);
    }

    /** A mask whose way needs no key. */
    public Mask(String name, Selector selector, Way way) {
        this(name, selector, way, Optional.empty());
    }

    /** The stricter of two masks that select the same value; this one where neither is. */
    public Mask stricter(Mask other) {
        return other.way.compareTo(way) < 0 ? other : this;
    }

    /**
     * Conditions, orders, groups, joins and copies over a masked column tell what is in it, though none of it is shown. A value
     * that is put together of others may be one that no detector recognises.
     */
    public enum Elsewhere {
        /** The command is refused; what no detector may recognise is hidden. */
        REFUSE,
        /** They are what the policy wants; only what is shown is hidden. */
        ALLOW
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
        /** HMAC-SHA-256 of the value, the first 128 bits in hexadecimal: which values are equal, so that joins stay possible. */
        HASH,
        /**
         * Digits for digits, capitals for capitals, small letters for small ones, as FF1 (NIST SP 800-38G) chooses: which
         * values are equal, how long they are and how they are written.
         */
        TOKEN,
        /** All but the last four letters and digits become {@code *}; separators stay: a part of the value itself. */
        KEEP_LAST_4;

        /** Whether it works with a key, so that equal values are hidden alike, and only who has the key can tell how. */
        public boolean keyed() {
            return this == HASH || this == TOKEN;
        }
    }
}
