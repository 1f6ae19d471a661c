package io.countersign.api;

import java.time.Instant;

/**
 * One identity's conversation with one target, as accepted at sign-in. The connector hands it back with every command.
 *
 * @param requester who asks: the whole delegation chain
 * @param target    the target's name in the policy
 * @param client    the peer's address and port
 * @param started   when sign-in was accepted
 * @param until     when the session must end ({@link Instant#MAX} where the policy lets it outlive its token)
 */
public record Session(
        SessionId id,
        DelegationChain requester,
        String protocol,
        String target,
        String client,
        Instant started,
        Instant until) {}
