package io.countersign.identity;

import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPProofUse;
import com.nimbusds.oauth2.sdk.util.singleuse.AlreadyUsedException;
import com.nimbusds.oauth2.sdk.util.singleuse.SingleUseChecker;
import io.countersign.api.Digest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers the proofs that were used, as long as they could be used again (RFC 9449 §11.1). */
final class UsedProofs implements SingleUseChecker<DPoPProofUse> {

    private final Clock clock;
    private final Duration lifetime;
    private final int most;

    /** Until when each is remembered; in the order of that. */
    private final Map<Digest, Instant> used = new LinkedHashMap<>();

    /**
     * @param lifetime longer than any proof is accepted
     * @param most     remembered at once; while there are so many, no other is accepted
     */
    UsedProofs(Clock clock, Duration lifetime, int most) {
        this.clock = clock;
        this.lifetime = lifetime;
        this.most = most;
    }

    @Override
    public void markAsUsed(DPoPProofUse use) throws AlreadyUsedException {
        Digest proof = Digest.over()
                .field(use.getIssuer().getValue())
                .field(use.getJWTID().getValue())
                .done();
        synchronized (used) {
            Instant now = clock.instant();
            Iterator<Instant> oldest = used.values().iterator();
            while (oldest.hasNext() && oldest.next().isBefore(now)) {
                oldest.remove();
            }
            if (used.containsKey(proof)) {
                throw new AlreadyUsedException("it was used before");
            }
            if (used.size() >= most) {
                throw new AlreadyUsedException("too many proofs came in the last minutes to tell whether it was used");
            }
            used.put(proof, now.plus(lifetime));
        }
    }
}
