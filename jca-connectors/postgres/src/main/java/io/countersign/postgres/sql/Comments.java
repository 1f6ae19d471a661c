package io.countersign.postgres.sql;

import java.io.IOException;
import java.util.Optional;

/** Blanks a text's comments, at the places where PostgreSQL's own scanner sees them (4.1.5 "Comments"). */
final class Comments {

    private static final String LINE = "SQL_COMMENT";
    private static final String BLOCK = "C_COMMENT";

    /** Bytes; the scanner writes much about each token. */
    private static final int LONGEST = 64 * 1024;

    private Comments() {}

    /** The text with spaces for comments, of the same length so that places stay right; empty if it has none. */
    static Optional<byte[]> blanked(byte[] text, ParserInstance scanner) {
        if (text.length > LONGEST || !mayHaveComments(text)) {
            return Optional.empty();
        }
        Node scanned;
        try {
            scanned = Node.read(scanner.scan(text));
        } catch (IOException e) {
            return Optional.empty();
        }
        byte[] blank = text.clone();
        boolean found = false;
        for (Node token : scanned.list("tokens")) {
            String name = token.text("tokenName");
            if (!name.equals(LINE) && !name.equals(BLOCK)) {
                continue;
            }
            found = true;
            for (int i = token.number("start"); i < token.number("end"); i++) {
                blank[i] = ' ';
            }
            if (name.equals(LINE)) {
                // Strings go on in the next line only if there is one (4.1.2.1).
                blank[token.number("start")] = '\n';
            }
        }
        return found ? Optional.of(blank) : Optional.empty();
    }

    private static boolean mayHaveComments(byte[] text) {
        for (int i = 1; i < text.length; i++) {
            if ((text[i - 1] == '-' && text[i] == '-') || (text[i - 1] == '/' && text[i] == '*')) {
                return true;
            }
        }
        return false;
    }
}
