package io.countersign.session.boundary;

import io.countersign.api.Identity;
import java.util.Optional;

/**
 * Which sessions to list; everything empty means all.
 *
 * @param of     only sessions in whose delegation chain this account stands
 * @param target only sessions with the target of this name
 * @param open   true: only running ones, false: only ended ones
 */
public record SessionFilter(Optional<Identity> of, Optional<String> target, Optional<Boolean> open) {

    public static final SessionFilter ALL = new SessionFilter(Optional.empty(), Optional.empty(), Optional.empty());

    public static SessionFilter of(Identity account) {
        return new SessionFilter(Optional.of(account), Optional.empty(), Optional.empty());
    }
}
