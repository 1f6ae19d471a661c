package io.countersign.revision;

/** Which way a revision of the policy came. */
public enum Source {
    /** The folder had changed. */
    FOLDER,
    /** Somebody had committed to the repository. */
    GIT,
    /** Somebody sent its files by REST. */
    UPLOAD,
    /** Somebody asked for an earlier revision again. */
    ROLL_BACK;

    /** Whether it is one that changes by itself: what it said before is superseded by what it says now. */
    boolean isPlace() {
        return this == FOLDER || this == GIT;
    }

    /** For people. */
    String place() {
        return this == GIT ? "the repository" : "the folder";
    }
}
