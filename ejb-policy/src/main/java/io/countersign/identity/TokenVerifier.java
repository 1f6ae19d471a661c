package io.countersign.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import io.countersign.api.DelegationChain;
import io.countersign.api.Digest;
import io.countersign.api.Secret;
import java.lang.System.Logger.Level;
import java.net.MalformedURLException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Turns a JSON Web Token into a delegation chain, or says why not (RFC 7519, RFC 8725 for the checks, RFC 8693 §4.1 for
 * {@code act}, RFC 7800 for {@code cnf}).
 *
 * <p>Keys are fetched from each issuer and kept; an unknown key id fetches them again at once, so that a rotated key is
 * accepted, but never more often than the library's rate limit allows. A token that was found good is remembered by its
 * hash for a few minutes, at most until it expires: a key that an issuer withdraws must not live on in what is remembered.
 */
public final class TokenVerifier {

    private static final System.Logger LOG = System.getLogger(TokenVerifier.class.getName());

    /** Characters; more is an error or an attack. */
    static final int LONGEST_TOKEN = 16 * 1024;

    private static final int MOST_REMEMBERED = 10_000;

    /** As long as the library keeps an issuer's keys. */
    private static final Duration REMEMBERED = Duration.ofMinutes(5);

    /** Asymmetric signatures only: a symmetric one would let every verifier forge (RFC 8725 §3.1). */
    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256, JWSAlgorithm.EdDSA);

    private static final int FETCH_MILLIS = 3_000;
    private static final int FETCH_BYTES = 1 << 20;

    private static final String FRESH = "Get a fresh token and sign in again.";
    private static final String WRONG = "The password must be a token of an issuer that this gateway trusts.";

    /**
     * @param confirmation what each bearer has to prove again
     * @param until        when it must be verified anew
     */
    private record Proven(SignedIn.Known known, Confirmation confirmation, Instant until) {

        SignedIn to(Secret token, Possession possession, KeyProofs proofs) {
            return confirmation
                    .lacking(token, possession, proofs)
                    .<SignedIn>map(Function.identity())
                    .orElse(known);
        }
    }

    private record Trusted(Issuer issuer, DefaultJWTProcessor<SecurityContext> processor) {}

    private final Map<String, Trusted> trusted;
    private final Agents agents;
    private final KeyProofs proofs;
    private final Clock clock;

    private final Map<Digest, Proven> remembered = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Proven> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    /**
     * @param issuers whom to believe
     * @param agents  whom the policy knows as agents
     * @param proofs  what judges proofs of the keys that tokens are bound to
     */
    public TokenVerifier(List<Issuer> issuers, Agents agents, KeyProofs proofs, Clock clock) {
        this.clock = clock;
        this.agents = agents;
        this.proofs = proofs;
        this.trusted = issuers.stream()
                .collect(Collectors.toUnmodifiableMap(
                        Issuer::issuer, each -> new Trusted(each, processor(each, clock))));
        for (Issuer each : issuers) {
            if (each.development()) {
                LOG.log(
                        Level.WARNING,
                        "Issuer {0} ({1}) serves DEMONSTRATION AND TESTS ONLY. Whoever can reach it can be anybody here.",
                        each.name(),
                        each.issuer());
            }
        }
    }

    /** For who has the token and proves nothing else. May block, never throws for what the token says. */
    public SignedIn verify(Secret token) {
        return verify(token, Possession.NONE);
    }

    /** May block: an issuer's keys may have to be fetched. Never throws for what the token says. */
    public SignedIn verify(Secret token, Possession possession) {
        String text = token.reveal();
        if (text.length() > LONGEST_TOKEN) {
            return new SignedIn.Unknown("The token is longer than " + LONGEST_TOKEN + " characters.", WRONG);
        }
        Digest hash = Digest.of(text.getBytes(StandardCharsets.UTF_8));
        Optional<Proven> proven = remembered(hash);
        return proven.isPresent() ? proven.get().to(token, possession, proofs) : check(token, hash, possession);
    }

    private Optional<Proven> remembered(Digest hash) {
        synchronized (remembered) {
            return Optional.ofNullable(remembered.get(hash))
                    .filter(each -> each.until().isAfter(clock.instant()));
        }
    }

    private Proven remember(Digest hash, SignedIn.Known known, Confirmation confirmation) {
        Instant soon = clock.instant().plus(REMEMBERED);
        Proven proven = new Proven(known, confirmation, known.expires().isBefore(soon) ? known.expires() : soon);
        synchronized (remembered) {
            remembered.put(hash, proven);
        }
        return proven;
    }

    private SignedIn check(Secret bearer, Digest hash, Possession possession) {
        SignedJWT token;
        Trusted by;
        try {
            token = SignedJWT.parse(bearer.reveal());
            by = trusted.get(String.valueOf(token.getJWTClaimsSet().getIssuer()));
        } catch (ParseException e) {
            return new SignedIn.Unknown("What came as password is not a signed token.", WRONG);
        }
        if (by == null) {
            return new SignedIn.Unknown("The token comes from an issuer that is not trusted here.", WRONG);
        }
        try {
            JWTClaimsSet claims = by.processor.process(token, null);
            DelegationChain chain = ActorChain.read(claims.toJSONObject(), by.issuer, agents);
            Date signedIn = claims.getDateClaim("auth_time");
            SignedIn.Known known = new SignedIn.Known(
                    chain,
                    claims.getExpirationTime().toInstant(),
                    Optional.ofNullable(signedIn).map(Date::toInstant));
            return remember(hash, known, Confirmation.of(claims)).to(bearer, possession, proofs);
        } catch (ExpiredJWTException e) {
            return new SignedIn.Unknown("The token has expired.", FRESH);
        } catch (RateLimitReachedException e) {
            // Said without a log entry: whoever can reach the gateway can cause it as often as they like.
            return new SignedIn.Unknown(
                    "The token is signed by a key that its issuer did not list a moment ago.",
                    "Get a fresh token; if the issuer has just changed its keys, try again in a minute.");
        } catch (KeySourceException e) {
            LOG.log(Level.ERROR, "keys of issuer " + by.issuer.name() + " cannot be had from " + by.issuer.jwks(), e);
            return new SignedIn.Unknown(
                    "The keys of the token's issuer cannot be fetched at the moment.",
                    "Try again; if it stays so, ask the gateway's operators.");
        } catch (BadJOSEException | JOSEException e) {
            return new SignedIn.Unknown("The token is not acceptable: " + e.getMessage() + ".", FRESH);
        } catch (ParseException e) {
            return new SignedIn.Unknown("The token is not acceptable: " + e.getMessage() + ".", WRONG);
        }
    }

    private static DefaultJWTProcessor<SecurityContext> processor(Issuer issuer, Clock clock) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(
                JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null)); // RFC 9068 §4 names at+jwt
        processor.setJWSKeySelector(new EdwardsSignatures.Keys(ALGORITHMS, keys(issuer)));
        processor.setJWSVerifierFactory(EdwardsSignatures.verifiers());
        DefaultJWTClaimsVerifier<SecurityContext> claims =
                new DefaultJWTClaimsVerifier<>(
                        issuer.audience(),
                        new JWTClaimsSet.Builder().issuer(issuer.issuer()).build(),
                        Set.of("sub", "exp")) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                };
        claims.setMaxClockSkew((int) issuer.clockSkew().toSeconds());
        processor.setJWTClaimsSetVerifier(claims);
        return processor;
    }

    private static JWKSource<SecurityContext> keys(Issuer issuer) {
        try {
            return JWKSourceBuilder.<SecurityContext>create(
                            issuer.jwks().toURL(),
                            new DefaultResourceRetriever(FETCH_MILLIS, FETCH_MILLIS, FETCH_BYTES))
                    .cache(true)
                    .refreshAheadCache(false)
                    .rateLimited(true)
                    .retrying(true)
                    .outageTolerant(true)
                    .build();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("issuer " + issuer.name() + ": " + e.getMessage(), e);
        }
    }
}
