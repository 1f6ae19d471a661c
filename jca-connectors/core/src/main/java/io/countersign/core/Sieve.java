package io.countersign.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Passes over many values at once and stops where one could hold what is looked for: bytes of which there are few, and runs of
 * digits. Never passes such a place; what it stops at may still be nothing. Eight bytes are looked at in one step.
 */
final class Sieve {

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = ONES << 7;

    /** Runs are told by a range that is quickly tested: digits, what may stand between them, and some that may not. */
    private static final long FIRST_IN_RUN = ONES * ' ';

    private static final long FIRST_BEYOND = ONES * ('9' + 1);

    /** Times bits at the ends of eight bytes gives these bits in the highest byte. */
    private static final long GATHER = 0x0102040810204080L;

    /** Bytes whose places in runs fit into one long. */
    private static final int BLOCK = Long.SIZE;

    /** Bytes that are watched for. */
    static final int MOST = 3;

    private final long first;
    private final long second;
    private final long third;
    private final int run;

    /**
     * @param watched one to {@link #MOST} characters of ASCII
     * @param run     how long a run of digits must be to matter, 1 to 64; beyond that no run does
     */
    Sieve(String watched, int run) {
        this.first = ONES * watched.charAt(0);
        this.second = ONES * watched.charAt(Math.min(1, watched.length() - 1));
        this.third = ONES * watched.charAt(Math.min(2, watched.length() - 1));
        this.run = run;
    }

    /** The first place where there may be something, or the end. */
    int next(byte[] bytes, int from, int to) {
        int tail = 0;
        for (int block = from; block < to; block += BLOCK) {
            int end = Math.min(to, block + BLOCK);
            long seen = 0;
            long runs = 0;
            if (end - block == BLOCK) {
                for (int i = 0; i < BLOCK; i += Long.BYTES) {
                    long eight = (long) EIGHT.get(bytes, block + i);
                    seen |= watched(eight);
                    runs |= inRun(eight) << i;
                }
            } else {
                for (int i = 0; block + i < end; i += Long.BYTES) {
                    long eight = upToEight(bytes, block + i, end);
                    seen |= watched(eight);
                    runs |= inRun(eight) << i;
                }
            }
            int start = runStart(runs, tail);
            if ((seen & HIGHS) != 0 || start < BLOCK) {
                return Math.min(block + start, seenFrom(bytes, block, end));
            }
            tail = runs == -1 ? tail + BLOCK : Long.numberOfLeadingZeros(~runs);
        }
        return to;
    }

    /** In the highest bits: not 0 where one of them is watched for; then the lowest of them is such a one. */
    private long watched(long eight) {
        long a = eight ^ first;
        long b = eight ^ second;
        long c = eight ^ third;
        // A byte that becomes 0 borrows from its highest bit.
        return a - ONES & ~a | b - ONES & ~b | c - ONES & ~c;
    }

    /** For each of eight bytes, from the lowest bit on, whether it may stand in a run. */
    private static long inRun(long eight) {
        long ascii = eight | HIGHS;
        long in = ascii - FIRST_IN_RUN & ~(ascii - FIRST_BEYOND) & ~eight & HIGHS;
        return (in >>> 7) * GATHER >>> Long.SIZE - Long.BYTES;
    }

    /**
     * Where a run begins that is long enough, against the block's begin; {@link #BLOCK} where none is.
     *
     * @param tail how long a run is that the blocks before end with
     */
    private int runStart(long runs, int tail) {
        if (tail + Long.numberOfTrailingZeros(~runs) >= run) {
            return -tail;
        }
        long starts = runs;
        int told = 1;
        while (starts != 0 && told < run) {
            int more = Math.min(told, run - told);
            if (told + more > BLOCK) {
                return BLOCK;
            }
            starts &= starts >>> more;
            told += more;
        }
        return Long.numberOfTrailingZeros(starts);
    }

    private int seenFrom(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i += Long.BYTES) {
            long seen = watched(upToEight(bytes, i, to)) & HIGHS;
            if (seen != 0) {
                return i + Long.numberOfTrailingZeros(seen) / Byte.SIZE;
            }
        }
        return to;
    }

    /** What is missing is 0, which is never watched for and in no run. */
    private static long upToEight(byte[] bytes, int from, int to) {
        if (to - from >= Long.BYTES) {
            return (long) EIGHT.get(bytes, from);
        }
        long eight = 0;
        for (int i = to - 1; i >= from; i--) {
            eight = eight << Byte.SIZE | bytes[i] & 0xff;
        }
        return eight;
    }
}
