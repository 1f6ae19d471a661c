package io.countersign.policy;

/**
 * Something wrong in the policy folder.
 *
 * @param file   relative to the folder; empty where it is about the folder itself
 * @param line   from 1; 0 where there is none
 * @param column from 1; 0 where there is none
 */
public record Problem(String file, int line, int column, String message) {

    /** As compilers write it: {@code duties.yaml:12:5: message}. */
    @Override
    public String toString() {
        return (file.isEmpty() ? "" : file + ":")
                + (line == 0 ? "" : line + ":" + column + ":")
                + (file.isEmpty() ? "" : " ")
                + message;
    }
}
