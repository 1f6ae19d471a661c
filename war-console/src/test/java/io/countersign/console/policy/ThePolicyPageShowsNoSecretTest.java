package io.countersign.console.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.policy.Policy.SourceFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThePolicyPageShowsNoSecretTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "password: hunter2|password: <secret>",
                "  password:   'hunter2'|  password:   <secret>",
                "{name: shop, password: hunter2, tls: off}|{name: shop, password: <secret>, tls: off}"
            },
            ignoreLeadingAndTrailingWhitespace = false)
    void aPasswordWrittenOutIsHidden(String line, String shown) {
        assertThat(SourceView.withoutSecrets(line)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password: ${demo.target.password}",
                "password: \"${demo.target.password}\"",
                "password: {file: /run/secrets/shop}",
                "password: {env: SHOP_PASSWORD}",
                "password:",
                "reason: nobody knows the passphrase"
            })
    void whereItComesFromIsNot(String line) {
        assertThat(SourceView.withoutSecrets(line)).isEqualTo(line);
    }

    @Test
    void everyLineHasTheAnchorThatReasonsLinkTo() {
        SourceView view = SourceView.of(new SourceFile("shop.yaml", "# duties\nduties:\n  - name: shop\n"));
        assertThat(view.lines())
                .extracting(SourceView.Line::anchor)
                .containsExactly("shop.yaml:1", "shop.yaml:2", "shop.yaml:3");
        assertThat(view.lines().getFirst().comment()).isTrue();
    }
}
