package io.countersign.session.boundary;

import io.countersign.api.Identity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One identity's conversation with one target.
 *
 * @param chain    who: the whole delegation chain, outermost first
 * @param ended    empty while it runs
 * @param reason   why it ended
 * @param commands how many were judged; like the next three at most some seconds old while the session runs
 */
public record SessionView(
        String id,
        List<Identity> chain,
        String protocol,
        String target,
        String client,
        Instant started,
        Optional<Instant> ended,
        Optional<String> reason,
        long commands,
        long held,
        long refused) {

    public SessionView {
        chain = List.copyOf(chain);
    }
}
