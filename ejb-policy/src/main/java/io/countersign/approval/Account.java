package io.countersign.approval;

import io.countersign.api.Identity;
import jakarta.persistence.Embeddable;

/** What identifies somebody: the issuer, and the issuer's own key. Names and groups come and go. */
@Embeddable
public record Account(String issuer, String subject) {

    public static Account of(Identity identity) {
        return new Account(identity.issuer(), identity.subject());
    }
}
