package io.countersign.grant.boundary;

import java.util.List;

/** What became of an attempt to have a duty for a time, or to end that. */
public sealed interface GrantResult {

    /** It waits for others, is in use, or has ended: as the view says. */
    record Done(GrantView grant) implements GrantResult {}

    /** @param reasons every reason why not, each one sentence */
    record Refused(List<String> reasons) implements GrantResult {

        public Refused {
            reasons = List.copyOf(reasons);
        }
    }

    /** The question itself is wrong: there is no such duty, target or time. */
    record Wrong(String reason) implements GrantResult {}

    record NotFound() implements GrantResult {}
}
