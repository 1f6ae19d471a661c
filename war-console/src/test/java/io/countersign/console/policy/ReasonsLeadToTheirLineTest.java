package io.countersign.console.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.policy.Policy.SourceFile;
import org.junit.jupiter.api.Test;

class ReasonsLeadToTheirLineTest {

    @Test
    void everyLineHasTheAnchorThatReasonsLinkTo() {
        SourceView view = SourceView.of(new SourceFile("shop.yaml", "# duties\r\nduties:\n\n  - name: shop\n"));

        assertThat(view.lines())
                .extracting(SourceView.Line::anchor)
                .containsExactly("shop.yaml:1", "shop.yaml:2", "shop.yaml:3", "shop.yaml:4");
        assertThat(view.lines().getFirst().comment()).isTrue();
        assertThat(view.lines().getLast().text()).isEqualTo("  - name: shop");
    }
}
