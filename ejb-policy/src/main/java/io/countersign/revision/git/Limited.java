package io.countersign.revision.git;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that fails where more comes than may. */
final class Limited extends FilterInputStream {

    private final long most;
    private long left;

    Limited(InputStream in, long most) {
        super(in);
        this.most = most;
        this.left = most;
    }

    @Override
    public int read() throws IOException {
        int one = super.read();
        took(one < 0 ? 0 : 1);
        return one;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int some = super.read(buffer, offset, length);
        took(Math.max(some, 0));
        return some;
    }

    private void took(int bytes) throws IOException {
        left -= bytes;
        if (left < 0) {
            throw new IOException("the pull brings more than " + most
                    + " bytes: keep the policy in a repository of its own, without large files");
        }
    }
}
