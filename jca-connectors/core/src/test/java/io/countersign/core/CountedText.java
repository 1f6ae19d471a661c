package io.countersign.core;

/** A text that counts how often its characters are read, and refuses beyond a limit: work can be compared where time cannot. */
final class CountedText implements CharSequence {

    /** Shared with the parts that are taken out of a text. */
    private static final class Reads {
        long count;
        final long most;

        Reads(long most) {
            this.most = most;
        }
    }

    private final String text;
    private final Reads reads;

    /** @param most reads, beyond which there is an {@link AssertionError} */
    CountedText(String text, long most) {
        this(text, new Reads(most));
    }

    private CountedText(String text, Reads reads) {
        this.text = text;
        this.reads = reads;
    }

    long reads() {
        return reads.count;
    }

    private void read(long more) {
        reads.count += more;
        if (reads.count > reads.most) {
            throw new AssertionError("more than " + reads.most + " reads of a text of " + text.length());
        }
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        read(1);
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new CountedText(text.substring(start, end), reads);
    }

    @Override
    public String toString() {
        read(text.length());
        return text;
    }
}
