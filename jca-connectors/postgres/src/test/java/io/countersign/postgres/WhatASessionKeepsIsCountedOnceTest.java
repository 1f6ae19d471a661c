package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.postgres.message.Bind;
import java.util.List;
import org.junit.jupiter.api.Test;

class WhatASessionKeepsIsCountedOnceTest {

    private static final Reading HALF =
            Reading.failed("x".repeat((int) (Footprint.MOST - Footprint.SPARE) / 2), "unread", 0);

    private final Footprint footprint = new Footprint();

    @Test
    void statementsPreparedByOneTextKeepItOnceUntilTheLastIsClosed() {
        Footprint.Text text = new Footprint.Text(HALF.text());
        Prepared one = new Prepared(HALF, List.of(), text);
        Prepared other = new Prepared(HALF, List.of(), text);
        footprint.keep(one.text);
        footprint.keep(other.text);
        assertThat(footprint.fits(HALF.text().length() - 2_048)).isTrue();
        footprint.release(one.text);
        assertThat(footprint.fits(HALF.text().length())).isFalse();
        footprint.release(other.text);
        assertThat(footprint.fits(Footprint.MOST - Footprint.SPARE)).isTrue();
        assertThat(footprint.fits(Footprint.MOST - Footprint.SPARE + 1)).isFalse();
    }

    @Test
    void aPortalKeepsTheTextOfAStatementThatWasClosed() {
        Prepared statement = new Prepared(HALF, List.of());
        Portal portal = new Portal(new Bind("p", "s", List.of(), List.of(), List.of()), statement, 100);
        footprint.keep(statement.text);
        footprint.keep(portal);
        footprint.release(statement.text);
        assertThat(footprint.fits(HALF.text().length())).isFalse();
        footprint.release(portal);
        assertThat(footprint.fits(HALF.text().length())).isTrue();
        assertThat(footprint.fits(portal)).isTrue();
    }

    @Test
    void manySmallOnesAreNotForNothing() {
        Prepared small = new Prepared(Reading.failed("", "unread", 0), List.of());
        for (int i = 0; footprint.fits(0); i++) {
            assertThat(i).isLessThan(1_000_000);
            footprint.keep(small.text);
        }
    }
}
