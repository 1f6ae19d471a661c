package io.countersign.security;

import io.countersign.api.Identity;
import io.countersign.policy.Role;
import io.countersign.policy.boundary.PolicyInForce;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which roles the policy in force gives to somebody. */
@ApplicationScoped
public class CallerRoles {

    private static final System.Logger LOG = System.getLogger(CallerRoles.class.getName());

    @Inject
    private PolicyInForce policy;

    /** None while no policy is in force, and for those who carry duties that it keeps apart: they may do nothing. */
    public Set<Role> of(Identity identity) {
        try {
            return conflict(identity).isPresent() ? Set.of() : policy.current().roles(identity.groups());
        } catch (RuntimeException unavailable) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "No policy says which roles {0} has, so it has none: {1}",
                    identity.name(),
                    unavailable.getMessage());
            return Set.of();
        }
    }

    /** Why somebody may not sign in, in words that follow the name: two duties that the policy keeps apart. */
    public Optional<String> conflict(Identity identity) {
        return policy.current().conflict(identity.groups());
    }

    /** A role's name in web.xml, in {@code @RolesAllowed} and on the page. */
    public static String name(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    static Set<String> names(Set<Role> roles) {
        return roles.stream().map(CallerRoles::name).collect(Collectors.toUnmodifiableSet());
    }
}
