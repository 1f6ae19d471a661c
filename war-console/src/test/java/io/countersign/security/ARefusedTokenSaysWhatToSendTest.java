package io.countersign.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.identity.SignedIn;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** RFC 9449 §7.2: where two schemes are accepted, the one that came says what was wrong with it. */
class ARefusedTokenSaysWhatToSendTest {

    private final Map<Object, Object> attributes = new HashMap<>();

    private final HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (self, method, given) -> switch (method.getName()) {
                case "setAttribute" -> attributes.put(given[0], given[1]);
                case "getAttribute" -> attributes.get(given[0]);
                default -> throw new UnsupportedOperationException(method.getName());
            });

    @Test
    void nothingCame() {
        assertThat(TokenRefusal.challenges(request))
                .containsExactly(
                        "Bearer realm=\"countersign\"", "DPoP realm=\"countersign\", algs=\"ES256 PS256 RS256\"");
    }

    @Test
    void aBearerTokenWasRefused() {
        TokenRefusal.note(request, new SignedIn.Unknown("It is bound.", "Prove it."), false);

        assertThat(TokenRefusal.challenges(request))
                .containsExactly(
                        "Bearer realm=\"countersign\", error=\"invalid_token\"",
                        "DPoP realm=\"countersign\", algs=\"ES256 PS256 RS256\"");
        assertThat(TokenRefusal.of(request)).contains("It is bound. Prove it.");
    }

    @Test
    void aProofWasRefused() {
        TokenRefusal.note(request, new SignedIn.Unknown("It is old.", "Make a new one.", SignedIn.Fault.PROOF), true);

        assertThat(TokenRefusal.challenges(request))
                .containsExactly(
                        "Bearer realm=\"countersign\"",
                        "DPoP realm=\"countersign\", algs=\"ES256 PS256 RS256\", error=\"invalid_dpop_proof\"");
    }
}
