package io.countersign.console.sql;

import java.util.Locale;

/** A run of a statement's text that looks alike. */
public record Token(Kind kind, String text) {

    /** Lexical forms of PostgreSQL (manual §4.1), and what could deceive a reader. */
    public enum Kind {
        PLAIN,
        KEYWORD,
        TEXT,
        NUMBER,
        QUOTED_NAME,
        PARAMETER,
        COMMENT,
        /** A character that no one can see, shown by its code point. */
        HIDDEN
    }

    /** The CSS class. */
    public String style() {
        return "sql-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
