package io.countersign.security;

import com.nimbusds.oauth2.sdk.id.State;
import io.countersign.api.DelegationChain;
import io.countersign.identity.SignedIn;
import io.countersign.identity.boundary.Identities;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Sign-in by SAML 2.0 (Profiles §4.1): sends browsers to the provider, and takes its answers, which come by post only and
 * only to what was asked. Who it is, is the account of the policy's issuer that {@code countersign.saml.issuer} names: a
 * person is the same in the console, by REST and in psql. Signing out ends the session here, not the one at the provider.
 */
@ApplicationScoped
class SamlSignIn extends ProviderSignIn {

    private final Clock clock = Clock.systemUTC();

    @Inject
    private SamlSettings settings;

    @Inject
    private SamlProvider provider;

    @Inject
    private Identities identities;

    @Override
    String protocol() {
        return "SAML";
    }

    @Override
    boolean isConfigured() {
        return settings.isConfigured();
    }

    @Override
    Optional<Arrived> answered(HttpServletRequest request, HttpServletResponse response, Duration oldest)
            throws IOException, SignInRefused {
        boolean callback = SamlSettings.ANSWERS.equals(request.getServletPath());
        if (callback && "POST".equals(request.getMethod())) {
            return arrived(request, response, oldest);
        }
        // Without an answer it asks for a sign-in that nobody is spared: the way back in after signing out.
        ask(request, response, callback ? OriginalRequest.HOME : OriginalRequest.of(request), callback);
        return Optional.empty();
    }

    private void ask(HttpServletRequest request, HttpServletResponse response, String wanted, boolean afresh)
            throws IOException {
        String state = new State().getValue();
        SamlProvider.Request asked = provider.request(state, afresh);
        PendingSignIn.bySaml(state, asked.id(), wanted, afresh, clock.instant()).keepIn(request.getSession(true));
        response.sendRedirect(asked.there().toString());
    }

    private Optional<Arrived> arrived(HttpServletRequest request, HttpServletResponse response, Duration oldest)
            throws IOException, SignInRefused {
        SamlPost post = SamlPost.of(request);
        if (post.isFromElsewhere(request)) {
            post.sendAgain(response);
            return Optional.empty();
        }
        // Only the browser that asked may answer: else somebody could sign others in as themselves.
        HttpSession session = request.getSession(false);
        PendingSignIn pending = Optional.ofNullable(session)
                .flatMap(known -> PendingSignIn.takeFrom(known, post.state(), clock.instant()))
                .orElseThrow(() -> new SignInRefused(PendingSignIn.NONE));
        SamlAnswers.Answer answer = provider.read(post.answer(), pending.nonce());
        Instant latest = answer.signedIn().plus(oldest);
        if (latest.isBefore(clock.instant())) {
            if (pending.afresh()) {
                throw new SignInRefused("The provider did not ask again who the person is, who showed it at "
                        + answer.signedIn() + ".");
            }
            ask(request, response, pending.wanted(), true);
            return Optional.empty();
        }
        Instant until = answer.until().filter(latest::isAfter).orElse(latest);
        return switch (identities.known(answer.person(), answer.signedIn(), until)) {
            case SignedIn.Known(DelegationChain chain, Instant expires, Optional<Instant> signedIn) -> {
                session.setAttribute(Arrived.WANTED, pending.wanted());
                yield Optional.of(new Arrived(Arrived.person(chain), answer.signedIn(), until));
            }
            case SignedIn.Unknown unknown -> throw new SignInRefused(unknown.reason() + " " + unknown.hint());
        };
    }
}
