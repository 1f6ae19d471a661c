package io.countersign.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Mask;
import io.countersign.api.Mask.Detector;
import io.countersign.api.Mask.Selector;
import io.countersign.api.Mask.Way;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many values are looked over at once ({@link Sieve}); then only those that it stops at are looked at by themselves. */
class NoValueIsPassedOverThatMayHoldSomethingTest {

    private static final Masker FEW = detecting(EnumSet.of(Detector.PAYMENT_CARD, Detector.EMAIL));
    private static final Masker ALL = detecting(EnumSet.allOf(Detector.class));

    /** Drawn from oftener than others, so that something is found in every other value. */
    private static final String FREQUENT = "0123456789 .-/()@\\xA:+_";

    /** As in a row: no part of a value. */
    private static final byte BETWEEN = 0;

    private static final int VALUES = 200_000;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aValueThatNeedsACloserLookIsStoppedAt(boolean few) {
        Masker masker = few ? FEW : ALL;
        Random random = new Random(few ? 1 : 2);
        int stopped = 0;
        int passed = 0;
        byte[] row = new byte[400];
        for (int round = 0; round < VALUES / 10; round++) {
            int at = 0;
            int next = -1;
            for (int value = 0; value < 10; value++) {
                at++;
                int end = at + random.nextInt(39);
                fill(row, at, end, random);
                at = end;
            }
            row[at] = BETWEEN;
            int from = 1;
            for (int i = 1; i <= at; i++) {
                if (row[i] == BETWEEN) {
                    if (next < from) {
                        next = masker.next(row, from, at);
                    }
                    boolean needs = masker.possible(row, from, i) != 0 || holdsBackslash(row, from, i);
                    if (next >= i) {
                        assertThat(needs)
                                .as(new String(row, from, i - from, UTF_8))
                                .isFalse();
                        passed++;
                    } else {
                        stopped++;
                    }
                    from = i + 1;
                }
            }
        }
        assertThat(stopped).isGreaterThan(VALUES / 20);
        assertThat(passed).isGreaterThan(VALUES / 20);
    }

    @Test
    void aRunOfDigitsIsSeenWhereverItBegins() {
        for (int begin = 0; begin < 200; begin++) {
            byte[] text = "x".repeat(300).getBytes(UTF_8);
            System.arraycopy("4111-1111-1111-1111".getBytes(UTF_8), 0, text, begin, 19);
            assertThat(FEW.next(text, 0, text.length)).isEqualTo(begin);
            text[begin + 9] = 'x';
            assertThat(FEW.next(text, 0, text.length)).isEqualTo(text.length);
        }
    }

    @Test
    void whatHasNothingIsPassedOver() {
        byte[] text = "Zwei Lampen für Köln, Auftrag 4711 vom 15. Januar; niemand war zu Hause. "
                .repeat(9)
                .getBytes(UTF_8);
        assertThat(FEW.next(text, 0, text.length)).isEqualTo(text.length);
        assertThat(FEW.next(text, 3, 3)).isEqualTo(3);
    }

    private static void fill(byte[] row, int from, int to, Random random) {
        row[from - 1] = BETWEEN;
        boolean digits = random.nextInt(4) == 0;
        boolean rare = random.nextInt(3) == 0;
        for (int i = from; i < to; i++) {
            row[i] = (byte)
                    (digits || rare && random.nextInt(8) == 0
                            ? FREQUENT.charAt(random.nextInt(digits ? 10 + random.nextInt(7) : FREQUENT.length()))
                            : random.nextInt(20) == 0 ? -1 - random.nextInt(100) : 'a' + random.nextInt(26));
        }
    }

    private static boolean holdsBackslash(byte[] row, int from, int to) {
        for (int i = from; i < to; i++) {
            if (row[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    private static Masker detecting(EnumSet<Detector> detectors) {
        return new Masker(List.of(new Mask("test", new Selector.Detected(detectors), Way.REDACT)));
    }
}
