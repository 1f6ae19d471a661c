package io.countersign.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The browser leaves the session's cookie behind when another site's page posts. */
class AnAnswerFromElsewhereIsSentOnceMoreTest {

    private final Map<String, String[]> parameters =
            new HashMap<>(Map.of("SAMLResponse", new String[] {"PHNhbWw+"}, "RelayState", new String[] {"a-state_1"}));

    private long length = 100;
    private @Nullable HttpSession session;

    private final HttpServletRequest request = fake(HttpServletRequest.class, (method, given) -> switch (method) {
        case "getContentLengthLong" -> length;
        case "getParameterValues" -> parameters.get((String) given[0]);
        case "getParameter" ->
            parameters.containsKey((String) given[0]) ? parameters.get((String) given[0])[0] : null;
        case "getSession" -> session;
        default -> throw new UnsupportedOperationException(method);
    });

    @Test
    void whereTheCookieIsMissing() throws Exception {
        assertThat(SamlPost.of(request).isFromElsewhere(request)).isTrue();
    }

    @Test
    void butNotWhereItIsThereOrWasLeftOutTwice() throws Exception {
        session = fake(HttpSession.class, (method, given) -> null);
        assertThat(SamlPost.of(request).isFromElsewhere(request)).isFalse();
        session = null;
        parameters.put("again", new String[] {"yes"});
        assertThat(SamlPost.of(request).isFromElsewhere(request)).isFalse();
    }

    @Test
    void byAPageThatRunsNothingElse() throws Exception {
        StringWriter page = new StringWriter();
        Map<String, String> headers = new HashMap<>();
        SamlPost.of(request).sendAgain(fake(HttpServletResponse.class, (method, given) -> switch (method) {
            case "getWriter" -> new PrintWriter(page, true);
            case "setHeader" -> headers.put((String) given[0], (String) given[1]);
            default -> null;
        }));

        assertThat(page.toString())
                .contains("action=\"/signed-in\"", "value=\"PHNhbWw+\"", "value=\"a-state_1\"", "name=\"again\"");
        assertThat(headers)
                .containsEntry("Content-Security-Policy", SecurityHeaders.OWN)
                .containsEntry("X-Frame-Options", "DENY")
                .containsEntry("Cache-Control", "no-store");
    }

    @ParameterizedTest
    @CsvSource({
        "SAMLResponse, '\"><script>alert(1)</script>'",
        "SAMLResponse, ''",
        "RelayState, '\"><script>alert(1)</script>'",
        "RelayState, https://evil.example/"
    })
    void whatIsNoAnswerIsNotSentAnywhere(String name, String value) {
        parameters.put(name, new String[] {value});
        assertThatThrownBy(() -> SamlPost.of(request))
                .isInstanceOf(SignInRefused.class)
                .hasMessageContaining("exactly one " + name);
    }

    @Test
    void norWhatIsSaidTwiceOrNotAtAllOrTooLong() {
        parameters.put("RelayState", new String[] {"one", "two"});
        assertThatThrownBy(() -> SamlPost.of(request)).hasMessageContaining("exactly one RelayState");
        parameters.remove("RelayState");
        assertThatThrownBy(() -> SamlPost.of(request)).hasMessageContaining("exactly one RelayState");
        length = 10_000_000;
        assertThatThrownBy(() -> SamlPost.of(request)).hasMessageContaining("more than");
        length = -1;
        assertThatThrownBy(() -> SamlPost.of(request)).hasMessageContaining("how many");
    }

    private interface Answers {
        @Nullable
        Object to(String method, Object[] given);
    }

    private static <T> T fake(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, given) -> answers.to(method.getName(), given)));
    }
}
