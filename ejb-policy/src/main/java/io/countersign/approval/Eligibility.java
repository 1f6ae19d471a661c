package io.countersign.approval;

import java.util.List;

/** Whether somebody may vote on a request. */
public sealed interface Eligibility {

    record Eligible() implements Eligibility {}

    /** @param reasons every reason against it, each one sentence; at least one */
    record Excluded(List<String> reasons) implements Eligibility {

        public Excluded {
            reasons = List.copyOf(reasons);
            if (reasons.isEmpty()) {
                throw new IllegalArgumentException("nobody is excluded without a reason");
            }
        }
    }
}
