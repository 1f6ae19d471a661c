package io.countersign.security;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.openid.connect.sdk.AuthenticationResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationResponseParser;
import com.nimbusds.openid.connect.sdk.AuthenticationSuccessResponse;
import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
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
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Sign-in by OpenID Connect (Core 1.0 §3.1): sends browsers to the provider, and takes them back. Who it is, is then read
 * from the token by the one place that reads tokens: a person is the same account in the console, by REST and in psql.
 * Jakarta Security's own mechanism does the same without PKCE (RFC 9700 §2.1.1 asks for it), and so is not used.
 */
@ApplicationScoped
class OpenIdSignIn extends ProviderSignIn {

    private final Clock clock = Clock.systemUTC();

    @Inject
    private OpenIdSettings settings;

    @Inject
    private OpenIdProvider provider;

    @Inject
    private Identities identities;

    @Override
    String protocol() {
        return "OpenID Connect";
    }

    @Override
    boolean isConfigured() {
        return settings.isConfigured();
    }

    @Override
    Optional<Arrived> answered(HttpServletRequest request, HttpServletResponse response, Duration oldest)
            throws IOException, SignInRefused {
        if (isAnswer(request)) {
            return Optional.of(arrived(request, oldest));
        }
        PendingSignIn pending = PendingSignIn.byOpenId(wanted(request), isCallback(request), clock.instant());
        String there = provider.authorization(pending, oldest).toString();
        pending.keepIn(request.getSession(true));
        response.sendRedirect(there);
        return Optional.empty();
    }

    private Arrived arrived(HttpServletRequest request, Duration oldest) throws IOException, SignInRefused {
        AuthenticationResponse response = parsed(request);
        // Only the browser that asked may answer: else somebody could sign others in as themselves (RFC 6749 §10.12).
        HttpSession session = request.getSession(false);
        PendingSignIn pending = Optional.ofNullable(session == null ? null : response.getState())
                .flatMap(state -> PendingSignIn.takeFrom(session, state.getValue(), clock.instant()))
                .orElseThrow(() -> new SignInRefused(PendingSignIn.NONE));
        provider.answered(response.getIssuer());
        if (!(response instanceof AuthenticationSuccessResponse success) || success.getAuthorizationCode() == null) {
            throw new SignInRefused("The provider says no: "
                    + Optional.ofNullable(
                                    response.toErrorResponse().getErrorObject().getCode())
                            .orElse("without a reason"));
        }
        OpenIdProvider.Answer answer = provider.redeem(success.getAuthorizationCode(), pending, oldest);
        Identity person = person(answer);
        session.setAttribute(Arrived.WANTED, pending.wanted());
        return new Arrived(person, answer.signedIn(), answer.signedIn().plus(oldest));
    }

    private AuthenticationResponse parsed(HttpServletRequest request) throws SignInRefused {
        try {
            return AuthenticationResponseParser.parse(
                    settings.redirect(),
                    request.getParameterMap().entrySet().stream()
                            .collect(Collectors.toMap(Map.Entry::getKey, each -> Arrays.asList(each.getValue()))));
        } catch (ParseException e) {
            throw new SignInRefused("The answer is not understood: " + e.getMessage(), e);
        }
    }

    /** By the access token where it is one of the policy's issuers for this gateway, else by the identity token. */
    private Identity person(OpenIdProvider.Answer answer) throws SignInRefused {
        SignedIn access = identities.verify(answer.accessToken());
        SignedIn read = access instanceof SignedIn.Known ? access : identities.verify(answer.identityToken());
        return switch (read) {
            case SignedIn.Known(DelegationChain chain, Instant expires, Optional<Instant> signedIn) ->
                person(chain, answer.subject());
            case SignedIn.Unknown unknown -> throw new SignInRefused(unknown.reason() + " " + unknown.hint());
        };
    }

    private static Identity person(DelegationChain chain, String subject) throws SignInRefused {
        Identity person = Arrived.person(chain);
        if (!person.subject().equals(subject)) {
            throw new SignInRefused("The provider's two tokens speak of different people.");
        }
        return person;
    }

    private static String wanted(HttpServletRequest request) {
        return isCallback(request) ? OriginalRequest.HOME : OriginalRequest.of(request);
    }

    /** Without an answer it asks for a sign-in that nobody is spared: the way back in after signing out. */
    private static boolean isCallback(HttpServletRequest request) {
        return OpenIdSettings.CALLBACK.equals(request.getServletPath());
    }

    private static boolean isAnswer(HttpServletRequest request) {
        return isCallback(request) && "GET".equals(request.getMethod()) && request.getQueryString() != null;
    }
}
