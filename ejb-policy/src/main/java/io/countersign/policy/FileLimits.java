package io.countersign.policy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** What files a policy may have, whichever way they come. */
public final class FileLimits {

    public static final int MOST_FILES = 100;

    /** Of one file. */
    public static final long MOST_BYTES = 1 << 20;

    private static final Pattern NAME = Pattern.compile("[^./\\\\][^/\\\\]*\\.ya?ml");

    private FileLimits() {}

    /** Whether a file of this name, right in the policy's folder, is a part of the policy. */
    public static boolean isPart(String name) {
        return NAME.matcher(name).matches();
    }

    /** @throws PolicyException where the bytes are no UTF-8 */
    public static String text(String name, byte[] bytes) throws PolicyException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw broken(name + " is not UTF-8");
        }
    }

    /** For what is wrong with the folder or a file as a whole. */
    public static PolicyException broken(String words) {
        return new PolicyException(List.of(new Problem("", 0, 0, words)));
    }
}
