package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlansAreReadTest {

    private static final String WHOLE = "plans: {planners: [support], executors: [operations], approvers: [seniors]}";

    @TempDir
    private Path folder;

    @Test
    void byThemselvesTheyAreRunByOthersOnTheSameDay() throws Exception {
        assertThat(Shop.policy(folder, WHOLE).planning()).hasValueSatisfying(plans -> {
            assertThat(plans.planners()).containsExactly("support");
            assertThat(plans.executors()).containsExactly("operations");
            assertThat(plans.plannerMayExecute()).isFalse();
            assertThat(plans.within()).isEqualTo(Duration.ofHours(1));
            assertThat(plans.lasts()).isEqualTo(Duration.ofHours(8));
            assertThat(plans.terms().persons()).isEqualTo(1);
        });
    }

    @Test
    void whereNothingIsSaidThereAreNone() throws Exception {
        assertThat(Shop.policy(folder, "").planning()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "executors: [o], approvers: [seniors]                              | 'plans' need 'planners'",
                "planners: [s], approvers: [seniors]                               | 'plans' need 'executors'",
                "planners: [s], executors: [o]                                     | 'plans' need 'approvers'",
                "planners: [s], executors: [o], approvers: [nobody]                | there is no approver group named nobody",
                "planners: [s], executors: [o], approvers: [seniors], lasts: 0s    | 'lasts' must be longer than nothing",
                "planners: [s], executors: [o], approvers: [seniors], planner: yes | 'planner' is not known here"
            })
    void whatIsMissingIsSaid(String fields, String problem) throws Exception {
        assertThat(Shop.problems(folder, "plans: {" + fields + "}"))
                .anySatisfy(each -> assertThat(each).contains(problem));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                            | WIDENS  | Plans are submitted and run: members of support submit them, members of operations run those of others",
                "planner-may-execute: true,                  | ALTERS  | run those of others once 1 of seniors approved within 3600 s, and begin within 28800 s; before, ",
                "lasts: 1h,                                  | ALTERS  | and begin within 28800 s; before, "
            })
    void aChangeIsToldInWords(String before, Change.Kind kind, String words) throws Exception {
        Policy old = Shop.policy(folder, before == null ? "" : WHOLE.replace("{", "{" + before));
        Policy now = Shop.policy(folder, WHOLE);
        assertThat(now.since(old)).anySatisfy(change -> {
            assertThat(change.kind()).isEqualTo(kind);
            assertThat(change.words()).contains(words);
        });
        assertThat(now.forms()).isNotEqualTo(old.forms());
    }
}
