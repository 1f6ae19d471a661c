package io.countersign.revision;

/** Which way a revision of the policy came. */
public enum Source {
    /** The folder had changed. */
    FOLDER,
    /** Somebody sent its files by REST. */
    UPLOAD,
    /** Somebody asked for an earlier revision again. */
    ROLL_BACK
}
