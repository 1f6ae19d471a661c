package io.countersign.security;

import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.Nonce;
import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Somebody on the way to the identity provider and back. The browser's session keeps it, so that an answer counts only in the
 * browser that asked for it, and only once.
 *
 * @param state    comes back by the browser (RFC 6749 §10.12; SAML 2.0 Bindings §3.5.3 calls it RelayState)
 * @param nonce    comes back in the identity token (OpenID Connect Core 1.0 §3.1.2.1), or as what an assertion answers to
 *                 (SAML 2.0 Profiles §4.1.4.2, InResponseTo)
 * @param verifier proves to the provider that who redeems the code asked for it (RFC 7636 §4.1); the browser sees its hash
 *                 only. Empty by SAML, where nothing is redeemed
 * @param wanted   the page to go to then
 * @param afresh   whether people are asked who they are however lately they showed it
 * @param until    when it is too late
 */
record PendingSignIn(String state, String nonce, String verifier, String wanted, boolean afresh, Instant until)
        implements Serializable {

    /** Why an answer to none of them is refused. */
    static final String NONE =
            "This browser did not ask for it, took longer than ten minutes, or has used the answer already.";

    private static final String PENDING = PendingSignIn.class.getName();

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Windows of one browser that may sign in at once; the oldest is forgotten first. */
    static final int MOST = 5;

    static PendingSignIn byOpenId(String wanted, boolean afresh, Instant now) {
        return new PendingSignIn(
                new State().getValue(),
                new Nonce().getValue(),
                new CodeVerifier().getValue(),
                wanted,
                afresh,
                now.plus(PATIENCE));
    }

    /** @param request the id of what the provider is asked */
    static PendingSignIn bySaml(String state, String request, String wanted, boolean afresh, Instant now) {
        return new PendingSignIn(state, request, "", wanted, afresh, now.plus(PATIENCE));
    }

    void keepIn(HttpSession session) {
        synchronized (PendingSignIn.class) {
            List<PendingSignIn> all = new ArrayList<>(in(session));
            all.add(this);
            session.setAttribute(PENDING, new ArrayList<>(all.subList(Math.max(0, all.size() - MOST), all.size())));
        }
    }

    /** The one that this state belongs to, which is then forgotten; empty where there is none or it is too late. */
    static Optional<PendingSignIn> takeFrom(HttpSession session, String state, Instant now) {
        synchronized (PendingSignIn.class) {
            List<PendingSignIn> all = new ArrayList<>(in(session));
            Optional<PendingSignIn> found =
                    all.stream().filter(each -> each.isOf(state)).findFirst();
            found.ifPresent(all::remove);
            session.setAttribute(PENDING, new ArrayList<>(all));
            return found.filter(each -> now.isBefore(each.until()));
        }
    }

    private boolean isOf(String other) {
        return MessageDigest.isEqual(state.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static List<PendingSignIn> in(HttpSession session) {
        return session.getAttribute(PENDING) instanceof List<?> kept
                ? kept.stream().map(PendingSignIn.class::cast).toList()
                : List.of();
    }

    @Override
    public String toString() {
        return "sign-in until " + until;
    }
}
