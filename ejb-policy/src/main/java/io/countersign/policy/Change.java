package io.countersign.policy;

/**
 * One thing that another revision of the policy changes, for people to judge.
 *
 * @param words one sentence
 */
public record Change(Kind kind, String words) {

    /** What a reader must know first. */
    public enum Kind {
        /** Somebody may do more, or needs fewer others for it. */
        WIDENS,
        /** Something is different, and whether that is more or less is not plain. */
        ALTERS,
        /** Somebody may do less, or needs more others for it. */
        NARROWS
    }

    static Change widens(String words) {
        return new Change(Kind.WIDENS, words);
    }

    public static Change alters(String words) {
        return new Change(Kind.ALTERS, words);
    }

    static Change narrows(String words) {
        return new Change(Kind.NARROWS, words);
    }
}
