package io.countersign.policy;

import io.countersign.api.Command;
import io.countersign.api.Content;
import io.countersign.api.DelegationChain;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A command that nobody sent, to ask a policy about.
 *
 * @param having the duties that the requester has on the target for a time
 */
record Trial(
        DelegationChain requester,
        Set<String> having,
        String target,
        Content content,
        Map<String, String> state,
        Instant at) {

    Trial(DelegationChain requester, String target, Content content, Map<String, String> state, Instant at) {
        this(requester, Set.of(), target, content, state, at);
    }

    Command command() {
        Session session = new Session(
                new SessionId(new UUID(0, 0)), requester, "postgres", target, "127.0.0.1:1", at, Instant.MAX);
        return new Command(session, 1, Command.Phase.RUN, content, List.of(), state);
    }
}
