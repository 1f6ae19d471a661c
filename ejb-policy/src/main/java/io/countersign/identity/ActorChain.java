package io.countersign.identity;

import io.countersign.api.Claims;
import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads who stands behind a token (RFC 8693 §4): {@code sub} is the origin, the outermost {@code act} acts now, and each
 * {@code act} within it acted before. A client ({@code azp}, {@code client_id}) that the policy knows as an agent acts
 * last, unless {@code act} says so already. Where {@code may_act} names who may act, nobody else does.
 */
final class ActorChain {

    static final int MOST_GROUPS = 500;
    static final int LONGEST_NAME = 256;

    /** What Keycloak calls the account of a client that got a token for itself. */
    private static final String SERVICE_ACCOUNT = "service-account-";

    private final Issuer issuer;
    private final Agents agents;

    private ActorChain(Issuer issuer, Agents agents) {
        this.issuer = issuer;
        this.agents = agents;
    }

    /** @throws ParseException if a link is malformed, there are too many, or the one that acts may not */
    static DelegationChain read(Map<String, Object> claims, Issuer issuer, Agents agents) throws ParseException {
        List<Identity> links = new ActorChain(issuer, agents).links(claims);
        if (links.size() > DelegationChain.LONGEST) {
            throw new ParseException("the delegation chain has more than " + DelegationChain.LONGEST + " links", 0);
        }
        DelegationChain chain = new DelegationChain(links);
        if (chain.links().size() > 1) {
            mayAct(claims.get("may_act"), chain.actor());
        }
        return chain;
    }

    private List<Identity> links(Map<String, Object> claims) throws ParseException {
        Optional<String> client = client(claims);
        List<Identity> links = actors(claims);
        links.add(origin(claims, client));
        Collections.reverse(links);
        if (client.isPresent() && links.stream().noneMatch(link -> isClient(link, client.get()))) {
            agents.client(issuer.issuer(), client.get()).ifPresent(agent -> links.add(clientLink(client.get())));
        }
        return links;
    }

    /** Current actor first. */
    private List<Identity> actors(Map<String, Object> claims) throws ParseException {
        List<Identity> actors = new ArrayList<>();
        String outer = issuer.issuer();
        Object actor = claims.get("act");
        while (actor != null) {
            if (!(actor instanceof Map<?, ?> link)) {
                throw new ParseException("'act' is not an object", 0);
            }
            if (actors.size() == DelegationChain.LONGEST - 1) {
                throw new ParseException("the delegation chain has more than " + DelegationChain.LONGEST + " links", 0);
            }
            outer = issuerOf(link, outer);
            String who = subject(link);
            actors.add(agents.described(new Identity(
                    outer,
                    who,
                    name(link, who),
                    Set.of(),
                    Identity.Kind.AGENT,
                    new Claims(Optional.empty(), client(link), kept(link)))));
            actor = link.get("act");
        }
        return actors;
    }

    private Identity origin(Map<String, Object> claims, Optional<String> client) throws ParseException {
        String subject = subject(claims);
        boolean itself = client.filter(
                        id -> id.equals(subject) || (SERVICE_ACCOUNT + id).equals(claims.get("preferred_username")))
                .isPresent();
        return agents.described(new Identity(
                issuer.issuer(),
                subject,
                name(claims, subject),
                groups(claims.get(issuer.groupsClaim())),
                itself ? Identity.Kind.AGENT : Identity.Kind.PERSON,
                new Claims(email(claims), itself ? client : Optional.empty(), kept(claims))));
    }

    private Identity clientLink(String client) {
        return agents.described(new Identity(
                issuer.issuer(),
                client,
                client,
                Set.of(),
                Identity.Kind.AGENT,
                new Claims(Optional.empty(), Optional.of(client), Map.of())));
    }

    private boolean isClient(Identity link, String client) {
        return link.issuer().equals(issuer.issuer())
                && (link.subject().equals(client)
                        || link.claims().client().filter(client::equals).isPresent());
    }

    /** {@code azp} (OpenID Connect Core 1.0 §2) or {@code client_id} (RFC 8693 §4.3); they may not disagree. */
    private static Optional<String> client(Map<?, ?> claims) throws ParseException {
        Object azp = claims.get("azp");
        Object id = claims.get("client_id");
        if (azp != null && id != null && !azp.equals(id)) {
            throw new ParseException("'azp' and 'client_id' name different clients", 0);
        }
        Object client = azp == null ? id : azp;
        if (client == null) {
            return Optional.empty();
        }
        if (client instanceof String text && !text.isBlank() && text.length() <= LONGEST_NAME) {
            return Optional.of(text);
        }
        throw new ParseException("the token names no usable client", 0);
    }

    /** RFC 8693 §4.4: whoever acts for the subject is the one that {@code may_act} names, where it names one. */
    private static void mayAct(@Nullable Object claim, Identity actor) throws ParseException {
        if (claim == null) {
            return;
        }
        if (!(claim instanceof Map<?, ?> named)) {
            throw new ParseException("'may_act' is not an object", 0);
        }
        Object by = named.get("iss");
        if (!subject(named).equals(actor.subject()) || by != null && !by.equals(actor.issuer())) {
            throw new ParseException("'may_act' does not name the one who acts, " + actor.name(), 0);
        }
    }

    /** OpenID Connect Core 1.0 §5.1: only a verified address says who somebody is. */
    private static Optional<String> email(Map<?, ?> claims) {
        Object verified = claims.get("email_verified");
        return (Boolean.TRUE.equals(verified) || "true".equals(verified))
                        && claims.get("email") instanceof String email
                        && !email.isBlank()
                        && email.length() <= LONGEST_NAME
                ? Optional.of(email.strip().toLowerCase(Locale.ROOT))
                : Optional.empty();
    }

    private Map<String, String> kept(Map<?, ?> claims) {
        Map<String, String> kept = new HashMap<>();
        for (String name : agents.claims()) {
            if (claims.get(name) instanceof String text && text.length() <= LONGEST_NAME) {
                kept.put(name, text);
            } else if (claims.get(name) instanceof Boolean flag) {
                kept.put(name, flag.toString());
            }
        }
        return kept;
    }

    /** A link that names no issuer has that of the link around it. */
    private static String issuerOf(Map<?, ?> link, String outer) throws ParseException {
        Object named = link.get("iss");
        if (named == null) {
            return outer;
        }
        if (named instanceof String iss && !iss.isBlank() && iss.length() <= LONGEST_NAME) {
            return iss;
        }
        throw new ParseException("a link of the delegation chain has no usable 'iss'", 0);
    }

    private static String subject(Map<?, ?> claims) throws ParseException {
        if (claims.get("sub") instanceof String subject && !subject.isBlank() && subject.length() <= LONGEST_NAME) {
            return subject;
        }
        throw new ParseException("a link of the delegation chain has no usable 'sub'", 0);
    }

    private String name(Map<?, ?> claims, String otherwise) {
        for (String claim : List.of(issuer.nameClaim(), "preferred_username", "name")) {
            if (claims.get(claim) instanceof String name && !name.isBlank() && name.length() <= LONGEST_NAME) {
                return name;
            }
        }
        return otherwise;
    }

    private static Set<String> groups(@Nullable Object claim) throws ParseException {
        if (claim == null) {
            return Set.of();
        }
        if (!(claim instanceof Collection<?> listed) || listed.size() > MOST_GROUPS) {
            throw new ParseException("the groups claim is not a list of at most " + MOST_GROUPS, 0);
        }
        Set<String> groups = new HashSet<>();
        for (Object each : listed) {
            if (!(each instanceof String group)) {
                throw new ParseException("the groups claim holds something that is not text", 0);
            }
            groups.add(group);
        }
        return groups;
    }
}
