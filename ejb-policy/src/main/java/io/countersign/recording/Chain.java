package io.countersign.recording;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The running hash over a recording's chunks: nothing in the middle can change, vanish or swap places unseen. */
final class Chain {

    private final MessageDigest sha256 = sha256();
    private byte[] end;

    /** @param start the file's head, which names the session */
    Chain(byte[] start) {
        end = sha256.digest(start);
    }

    /** The hash with one chunk more; both buffers are read to their ends. */
    byte[] next(ByteBuffer head, ByteBuffer packed) {
        sha256.update(end);
        sha256.update(head);
        sha256.update(packed);
        end = sha256.digest();
        return end.clone();
    }

    /** Over all chunks so far, 64 hexadecimal digits. */
    String end() {
        return HexFormat.of().formatHex(end);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
