package io.countersign.identity;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads who stands behind a token (RFC 8693 §4.1): {@code sub} is the origin, the outermost {@code act} acts now, and
 * each {@code act} within it acted before.
 */
final class ActorChain {

    private static final int MOST_GROUPS = 500;
    private static final int LONGEST_NAME = 256;

    private ActorChain() {}

    /**
     * @param agents tells of an issuer and a subject whether the policy knows it as an agent
     * @throws ParseException if a link is malformed, or there are too many
     */
    static DelegationChain read(Map<String, Object> claims, Issuer issuer, BiPredicate<String, String> agents)
            throws ParseException {
        String subject = subject(claims);
        List<Identity> links = new ArrayList<>();
        String outer = issuer.issuer();
        Object actor = claims.get("act");
        while (actor != null) {
            if (!(actor instanceof Map<?, ?> link)) {
                throw new ParseException("'act' is not an object", 0);
            }
            if (links.size() == DelegationChain.LONGEST - 1) {
                throw new ParseException("the delegation chain has more than " + DelegationChain.LONGEST + " links", 0);
            }
            outer = issuerOf(link, outer);
            String who = subject(link);
            links.add(new Identity(outer, who, name(link, issuer, who), Set.of(), Identity.Kind.AGENT));
            actor = link.get("act");
        }
        Identity.Kind kind = agents.test(issuer.issuer(), subject) ? Identity.Kind.AGENT : Identity.Kind.PERSON;
        links.add(new Identity(
                issuer.issuer(),
                subject,
                name(claims, issuer, subject),
                groups(claims.get(issuer.groupsClaim())),
                kind));
        Collections.reverse(links);
        return new DelegationChain(links);
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

    private static String name(Map<?, ?> claims, Issuer issuer, String otherwise) {
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
