package io.countersign.policy;

import io.countersign.api.DelegationChain;
import java.util.List;
import java.util.stream.Collectors;

/** Who proposed a revision of the policy, as far as the gateway knows. */
public sealed interface Author {

    /** Somebody who had signed in; with everybody on whose behalf. */
    record Caller(DelegationChain chain) implements Author {}

    /** Whoever keeps the folder, as operators set it: a subject, a verified e-mail address or the id of a person. */
    record Named(String name) implements Author {}

    /**
     * Whoever wrote commits of a git repository, as these say. Anybody can write any name there, so it only ever excludes.
     *
     * @param commit the newest one's id, in hexadecimal
     * @param sure   whether operators vouch that nobody commits under another's name, and each of them has an address
     */
    record Commits(String commit, List<Hand> hands, boolean sure) implements Author {

        private static final int MOST_NAMED = 10;

        public Commits {
            hands = List.copyOf(hands);
        }

        private String named() {
            String first = hands.stream().limit(MOST_NAMED).map(Hand::described).collect(Collectors.joining(", "));
            return hands.size() > MOST_NAMED ? first + " and " + (hands.size() - MOST_NAMED) + " others" : first;
        }
    }

    /**
     * One who wrote, committed or helped to write a commit.
     *
     * @param email in lower case; empty where the commit names none
     */
    record Hand(String name, String email) {

        String described() {
            return name + " <" + email + ">";
        }
    }

    /** The folder was changed, and nobody has said who keeps it: it could be anybody. */
    record Unknown() implements Author {}

    /** Whether it is sure who wrote it. Where it is not, any one of those who approve it could be the author. */
    default boolean known() {
        return switch (this) {
            case Caller caller -> true;
            case Named named -> true;
            case Commits commits -> commits.sure();
            case Unknown unknown -> false;
        };
    }

    /** For people. */
    default String described() {
        return switch (this) {
            case Caller(DelegationChain chain) -> chain.described();
            case Named(String name) -> name;
            case Commits commits -> commits.hands().isEmpty() ? "somebody unknown" : commits.named();
            case Unknown() -> "somebody unknown";
        };
    }
}
