package io.countersign.policy;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** How somebody comes to use a duty for a time, beside carrying it: the duty's {@code break-glass} or {@code grants}. */
public sealed interface Elevation {

    /** Members of any of these may ask for it, and use it as long as they are. */
    Set<String> groups();

    /** Who must agree: before it is used, or afterwards by closing the review. */
    List<Stage> stages();

    /** The longest that it lasts. */
    Duration longest();

    /** Where it stands, relative to the policy folder, with {@link #line} from 1. */
    String file();

    int line();

    default boolean isOpenTo(Set<String> member) {
        return !Collections.disjoint(groups(), member);
    }

    /**
     * Taken at once by who carries the duty, which nobody uses otherwise; others review it afterwards.
     *
     * @param signedInWithin how fresh the sign-in must be
     */
    record BreakGlass(
            Set<String> groups, List<Stage> stages, Duration longest, Duration signedInWithin, String file, int line)
            implements Elevation {

        public BreakGlass {
            groups = Set.copyOf(groups);
            stages = List.copyOf(stages);
        }
    }

    /**
     * Granted by others before it is used.
     *
     * @param within how long its request waits before it expires
     */
    record Grantable(Set<String> groups, List<Stage> stages, Duration longest, Duration within, String file, int line)
            implements Elevation {

        public Grantable {
            groups = Set.copyOf(groups);
            stages = List.copyOf(stages);
        }
    }
}
