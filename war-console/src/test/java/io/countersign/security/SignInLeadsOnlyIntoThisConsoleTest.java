package io.countersign.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignInLeadsOnlyIntoThisConsoleTest {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/queue", "/request?id=17", "/sessions?target=shop&running=yes", "/requests/4711"})
    void toThePageThatWasWanted(String path) {
        assertThat(OriginalRequest.checked(path)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://evil.example/",
                "//evil.example/",
                "/\\evil.example/",
                "/\t/evil.example",
                "javascript:alert(1)",
                "queue",
                "/queue#\r\nSet-Cookie: a=b"
            })
    void andNeverElsewhere(String path) {
        assertThat(OriginalRequest.checked(path)).isEqualTo("/");
    }
}
