package io.countersign.revision;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.CAROL;
import static io.countersign.approval.Requests.DAVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.policy.Author;
import io.countersign.policy.Framer;
import io.countersign.revision.Origins.Step;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ARuleHasItsFramersTest {

    private static final Step FIRST = new Step(new Author.Unknown(), List.of(), Map.of("r", "1"));
    private static final Step CHANGED = step(ALICE, BOB, "r", "2");
    private static final Step UNTOUCHED = step(CAROL, DAVE, "r", "2", "s", "1");
    private static final Step GONE = step(CAROL, DAVE);
    private static final Step BACK = step(DAVE, CAROL, "r", "2");

    static Stream<Arguments> table() {
        return Stream.of(
                Arguments.of("nobody is known of the first", List.of(FIRST), "1", List.of()),
                Arguments.of("who changed it", List.of(FIRST, CHANGED), "2", List.of("alice", "bob")),
                Arguments.of("not who left it alone", List.of(FIRST, CHANGED, UNTOUCHED), "2", List.of("alice", "bob")),
                Arguments.of(
                        "who brought it back as well as who had it before",
                        List.of(FIRST, CHANGED, GONE, BACK),
                        "2",
                        List.of("alice", "bob", "dave", "carol")),
                Arguments.of(
                        "all, where its form is not among those on record",
                        List.of(FIRST, CHANGED, GONE, BACK),
                        "as another release writes it",
                        List.of("alice", "bob", "dave", "carol")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void whoIntroducedItAsItIs(String name, List<Step> history, String form, List<String> framers) {
        assertThat(Origins.of(history, Map.of("r", form)).get("r"))
                .extracting(Framer::who)
                .extracting(Author::described)
                .containsExactlyElementsOf(framers);
    }

    private static Step step(Identity author, Identity approver, String... forms) {
        Map<String, String> all = forms.length == 0
                ? Map.of()
                : forms.length == 2 ? Map.of(forms[0], forms[1]) : Map.of(forms[0], forms[1], forms[2], forms[3]);
        return new Step(new Author.Caller(DelegationChain.of(author)), List.of(approver), all);
    }
}
