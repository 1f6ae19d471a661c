package io.countersign.revision.git;

import java.io.IOException;

/** More stands between what is in force and the newest commit than is walked: not before one of them has changed. */
public final class HistoryTooLong extends IOException {

    private static final long serialVersionUID = 1L;

    HistoryTooLong(int most, String what) {
        super("more than " + most + " " + what
                + " stand between what is in force and the newest commit, and somebody among"
                + " them could approve unseen: upload this revision by REST instead");
    }
}
