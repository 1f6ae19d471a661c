package io.countersign.grant;

import io.countersign.api.DelegationChain;
import io.countersign.api.Digest;
import io.countersign.approval.Held;
import io.countersign.approval.Matter;
import io.countersign.policy.Decision.Reason;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.Decision.Terms;
import io.countersign.policy.Elevation;
import io.countersign.policy.Framer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What somebody asks for: a duty on a target for a time, and why.
 *
 * @param session where only one session is to use it
 */
public record Wanted(
        DelegationChain holder,
        String protocol,
        String target,
        String duty,
        String reason,
        Duration duration,
        Optional<String> session) {

    /** A review is never late: it stays open until it is closed. */
    private static final Duration FOREVER = Duration.ofDays(36_500);

    /** As a request that others approve. */
    public Held toGrant(Elevation.Grantable by, String revision, List<Held.Owner> owners, List<Framer> framers) {
        return held(
                Matter.GRANT,
                new Reason(
                        effect(),
                        Ruling.HOLD,
                        "duty " + duty,
                        by.file(),
                        by.line(),
                        "Duty " + duty + " is used only once others have granted it."),
                new Terms("duty " + duty, by.stages(), by.within()),
                revision,
                owners,
                framers);
    }

    /** As a review that others close. */
    public Held toReview(Elevation.BreakGlass by, String revision, List<Held.Owner> owners, List<Framer> framers) {
        return held(
                Matter.REVIEW,
                new Reason(
                        effect(),
                        Ruling.PERMIT,
                        "duty " + duty,
                        by.file(),
                        by.line(),
                        "The glass was broken; others look at what was done and close this review."),
                new Terms("duty " + duty, by.stages(), FOREVER),
                revision,
                owners,
                framers);
    }

    private String effect() {
        return "grant:use on duty " + duty;
    }

    private Held held(
            Matter matter, Reason reason, Terms terms, String revision, List<Held.Owner> owners, List<Framer> framers) {
        return Held.about(
                matter,
                holder,
                protocol,
                target,
                "duty " + duty + " on " + target + " for " + words(duration)
                        + session.map(id -> " in session " + id).orElse("") + ": " + this.reason,
                effect(),
                reason,
                digest(matter, revision),
                revision,
                terms,
                owners,
                framers);
    }

    private Digest digest(Matter matter, String revision) {
        Digest.Builder digest =
                Digest.over().field(matter.name()).field(target).field(duty).field(reason);
        digest.length(Math.toIntExact(duration.toSeconds())).field(session.orElse(""));
        digest.length(holder.links().size());
        holder.links().forEach(link -> digest.field(link.issuer()).field(link.subject()));
        return digest.field(revision).done();
    }

    /** {@code 2 h}, {@code 30 min}, {@code 90 s}. */
    static String words(Duration time) {
        return time.toSeconds() % 3_600 == 0
                ? time.toHours() + " h"
                : time.toSeconds() % 60 == 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }
}
