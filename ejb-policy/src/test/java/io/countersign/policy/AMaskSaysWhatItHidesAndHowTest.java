package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import io.countersign.api.Mask;
import io.countersign.api.Mask.Detector;
import io.countersign.api.Mask.Way;
import io.countersign.api.Obligation;
import io.countersign.api.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AMaskSaysWhatItHidesAndHowTest {

    @TempDir
    Path folder;

    @Test
    void everyDetectorHasItsName() throws Exception {
        String names = Stream.of(Detector.values())
                .map(AMaskSaysWhatItHidesAndHowTest::written)
                .collect(Collectors.joining(", "));
        Mask mask = mask("detect: [" + names + "], way: redact");
        assertThat(mask.selector()).isEqualTo(new Mask.Selector.Detected(Set.of(Detector.values())));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void everyWayHasItsName(Way way) throws Exception {
        Path key = Files.writeString(folder.resolve("key"), "a key that only this test knows\n");
        Mask mask = mask("column: card, way: " + written(way) + (way.keyed() ? ", key: {file: " + key + "}" : ""));
        assertThat(mask.way()).isEqualTo(way);
        assertThat(mask.key())
                .isEqualTo(way.keyed() ? Optional.of(Secret.of("a key that only this test knows")) : Optional.empty());
        assertThat(mask.toString()).doesNotContain("only this test");
    }

    @Test
    void whatItCannotHideItRefusesUnlessToldOtherwise() throws Exception {
        assertThat(mask("column: card, way: redact").elsewhere()).isEqualTo(Mask.Elsewhere.REFUSE);
        assertThat(mask("column: card, way: redact, elsewhere: refuse").elsewhere())
                .isEqualTo(Mask.Elsewhere.REFUSE);
        assertThat(mask("column: card, way: redact, elsewhere: allow").elsewhere())
                .isEqualTo(Mask.Elsewhere.ALLOW);
    }

    private Mask mask(String fields) throws Exception {
        Policy policy = Shop.policy(folder, """
            masks: [{name: m, %s}]
            duties:
              - name: d
                carried-by: [g]
                masks: [m]
                rules: [{name: r, targets: [shop], effects: ["sql:select"], decision: permit}]
            """.formatted(fields));
        Decision decision = policy.decide(
                Shop.command(
                        DelegationChain.of(Shop.person("gail", "g")), "a", Shop.effect("sql:select", "public", "t")),
                Shop.NOON);
        List<Mask> masks = decision.obligations().stream()
                .flatMap(
                        each -> each instanceof Obligation.MaskAnswer answer ? answer.masks().stream() : Stream.empty())
                .toList();
        assertThat(masks).hasSize(1);
        return masks.getFirst();
    }

    private static String written(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
