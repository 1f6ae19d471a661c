package io.countersign.revision.git;

import io.countersign.policy.Author.Hand;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.FooterLine;
import org.eclipse.jgit.revwalk.RevCommit;
import org.jspecify.annotations.Nullable;

/** Whom a commit names: author, committer, and those of its trailers {@code Co-authored-by}. */
final class Hands {

    private static final int LONGEST = 320;
    private static final String CO_AUTHOR = "Co-authored-by";

    private Hands() {}

    static List<Hand> of(RevCommit commit) {
        List<Hand> hands = new ArrayList<>();
        hands.add(hand(commit.getAuthorIdent()));
        hands.add(hand(commit.getCommitterIdent()));
        for (FooterLine line : commit.getFooterLines()) {
            if (line.getKey().equalsIgnoreCase(CO_AUTHOR)) {
                hands.add(hand(line.getValue(), line.getEmailAddress()));
            }
        }
        return hands;
    }

    private static Hand hand(@Nullable PersonIdent person) {
        return person == null ? hand("somebody", null) : hand(person.getName(), person.getEmailAddress());
    }

    private static Hand hand(@Nullable String name, @Nullable String email) {
        String written = cleaned(name == null ? "" : name);
        int address = written.indexOf(" <");
        return new Hand(
                address < 0 ? written : written.substring(0, address),
                cleaned(email == null ? "" : email).toLowerCase(Locale.ROOT));
    }

    /** As it may be shown and logged: one line, not too long, without signs that control a terminal. */
    static String cleaned(String text) {
        String line = text.replaceAll("\\p{Cntrl}|\\p{Cf}", " ").strip();
        return line.codePointCount(0, line.length()) <= LONGEST
                ? line
                : line.substring(0, line.offsetByCodePoints(0, LONGEST));
    }
}
