package io.countersign.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.Prompt;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import io.countersign.api.Secret;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The OpenID provider as a client sees it (OpenID Connect Core 1.0 §3.1, authorization code flow, with PKCE by S256, RFC
 * 7636): where to send a browser, and what the code is worth that it brings back.
 */
@ApplicationScoped
class OpenIdProvider {

    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256);

    private static final int FETCH_MILLIS = 3_000;
    private static final int FETCH_BYTES = 1 << 20;

    /** How long what the provider says of itself is believed without asking again. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    /** @param until when it must be fetched anew */
    private record Known(OIDCProviderMetadata metadata, IDTokenValidator validator, Instant until) {}

    /**
     * What a code was worth.
     *
     * @param subject  whom the identity token names
     * @param signedIn when they last showed the provider who they are
     */
    record Answer(Secret accessToken, Secret identityToken, String subject, Instant signedIn) {}

    private final Clock clock = Clock.systemUTC();

    @Inject
    private OpenIdSettings settings;

    private volatile @Nullable Known known;

    /**
     * Where the browser goes.
     *
     * @param oldest how long ago people may have shown who they are without being asked again
     */
    URI authorization(PendingSignIn pending, Duration oldest) throws IOException {
        AuthenticationRequest.Builder request = new AuthenticationRequest.Builder(
                        ResponseType.CODE,
                        new Scope("openid", "profile", "email"),
                        new ClientID(settings.clientId()),
                        settings.redirect())
                .endpointURI(known().metadata().getAuthorizationEndpointURI())
                .state(new State(pending.state()))
                .nonce(new Nonce(pending.nonce()))
                .codeChallenge(new CodeVerifier(pending.verifier()), CodeChallengeMethod.S256)
                .maxAge((int) oldest.toSeconds());
        return (pending.afresh() ? request.prompt(Prompt.Type.LOGIN) : request)
                .build()
                .toURI();
    }

    /**
     * Redeems the code, and checks the identity token: signature, issuer, audience, time and nonce.
     *
     * @throws IOException if the provider cannot be asked
     */
    Answer redeem(AuthorizationCode code, PendingSignIn pending, Duration oldest) throws IOException, SignInRefused {
        Known provider = known();
        OIDCTokenResponse tokens = tokens(code, pending, provider.metadata());
        try {
            IDTokenClaimsSet claims =
                    provider.validator().validate(tokens.getOIDCTokens().getIDToken(), new Nonce(pending.nonce()));
            return new Answer(
                    Secret.of(tokens.getOIDCTokens().getAccessToken().getValue()),
                    Secret.of(tokens.getOIDCTokens().getIDTokenString()),
                    claims.getSubject().getValue(),
                    signedIn(claims.getAuthenticationTime(), oldest));
        } catch (BadJOSEException | JOSEException e) {
            throw new SignInRefused("The provider's identity token is not acceptable: " + e.getMessage(), e);
        }
    }

    /** RFC 9207 §2.4: an answer that names its issuer names this one; one that must name it does. */
    void answered(@Nullable Issuer by) throws IOException, SignInRefused {
        OIDCProviderMetadata metadata = known().metadata();
        if (by == null ? metadata.supportsAuthorizationResponseIssuerParam() : !by.equals(metadata.getIssuer())) {
            throw new SignInRefused("The answer does not come from " + metadata.getIssuer() + ".");
        }
    }

    private OIDCTokenResponse tokens(AuthorizationCode code, PendingSignIn pending, OIDCProviderMetadata metadata)
            throws IOException, SignInRefused {
        AuthorizationCodeGrant grant =
                new AuthorizationCodeGrant(code, settings.redirect(), new CodeVerifier(pending.verifier()));
        ClientID client = new ClientID(settings.clientId());
        URI endpoint = metadata.getTokenEndpointURI();
        HTTPRequest request = settings.clientSecret()
                .map(secret -> new TokenRequest.Builder(
                        endpoint,
                        new ClientSecretBasic(client, new com.nimbusds.oauth2.sdk.auth.Secret(secret.reveal())),
                        grant))
                .orElseGet(() -> new TokenRequest.Builder(endpoint, client, grant))
                .build()
                .toHTTPRequest();
        request.setConnectTimeout(FETCH_MILLIS);
        request.setReadTimeout(FETCH_MILLIS);
        request.setFollowRedirects(false);
        try {
            TokenResponse answer = OIDCTokenResponseParser.parse(request.send());
            if (answer instanceof OIDCTokenResponse tokens) {
                return tokens;
            }
            throw new SignInRefused("The provider gave no tokens for the code: "
                    + answer.toErrorResponse().getErrorObject().getCode());
        } catch (ParseException e) {
            throw new SignInRefused("The provider's answer to the code is not understood: " + e.getMessage(), e);
        }
    }

    /** OpenID Connect Core 1.0 §3.1.3.7, 13: what was asked for with {@code max_age} is checked here too. */
    private Instant signedIn(@Nullable Date claimed, Duration oldest) throws SignInRefused {
        if (claimed == null) {
            throw new SignInRefused("The provider does not say when the person signed in (auth_time).");
        }
        Instant now = clock.instant();
        Instant at = claimed.toInstant();
        if (at.plus(oldest).isBefore(now)) {
            throw new SignInRefused("The provider did not ask again who the person is, who showed it at " + at + ".");
        }
        return at.isBefore(now) ? at : now;
    }

    private Known known() throws IOException {
        Known last = known;
        if (last == null || !clock.instant().isBefore(last.until())) {
            last = fetched();
            known = last;
        }
        return last;
    }

    private Known fetched() throws IOException {
        Issuer issuer = new Issuer(settings.provider());
        DefaultResourceRetriever retriever = new DefaultResourceRetriever(FETCH_MILLIS, FETCH_MILLIS, FETCH_BYTES);
        try {
            URI at = SafeAddress.of(OIDCProviderMetadata.resolveURL(issuer).toURI());
            OIDCProviderMetadata metadata = OIDCProviderMetadata.parse(
                    retriever.retrieveResource(at.toURL()).getContent());
            if (!metadata.getIssuer().equals(issuer)) {
                throw new IOException("The provider at " + issuer + " calls itself " + metadata.getIssuer() + ".");
            }
            SafeAddress.of(metadata.getAuthorizationEndpointURI());
            SafeAddress.of(metadata.getTokenEndpointURI());
            JWSVerificationKeySelector<SecurityContext> keys = new JWSVerificationKeySelector<>(
                    ALGORITHMS,
                    JWKSourceBuilder.<SecurityContext>create(
                                    SafeAddress.of(metadata.getJWKSetURI()).toURL(), retriever)
                            .cache(true)
                            .rateLimited(true)
                            .retrying(true)
                            .build());
            return new Known(
                    metadata,
                    new IDTokenValidator(issuer, new ClientID(settings.clientId()), keys, null),
                    clock.instant().plus(REMEMBERED));
        } catch (GeneralException | URISyntaxException e) {
            throw new IOException("What the provider at " + issuer + " says of itself is not understood.", e);
        }
    }
}
