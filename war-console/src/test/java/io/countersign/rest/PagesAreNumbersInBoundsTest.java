package io.countersign.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagesAreNumbersInBoundsTest {

    @Test
    void nothingAskedIsTheFirstHundred() {
        assertThat(Page.of(null, null)).isEqualTo(new Page(0, 100));
    }

    @Test
    void whatIsAskedIsWhatIsGiven() {
        assertThat(Page.of("20", "500")).isEqualTo(new Page(20, 500));
    }

    @ParameterizedTest
    @CsvSource({"-1,10", "x,10", "0,0", "0,501", "0,1e2", "99999999999999999999,1", "'',1"})
    void outOfBoundsIsAProblemThatSaysTheBounds(String offset, String limit) {
        assertThatThrownBy(() -> Page.of(offset, limit))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("whole number from");
    }
}
