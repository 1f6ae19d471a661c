package io.countersign.policy;

import io.countersign.policy.Decision.Reason;
import io.countersign.policy.Decision.Ruling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Duties that exclude one another (ANSI INCITS 359-2004 §6.3 and §6.4, with a cardinality of two): nobody may carry two of
 * them, or nobody may use two of them in one session.
 *
 * @param duties at least two
 * @param file   where it stands, relative to the policy folder, with {@code line} from 1
 */
record Separation(String name, List<String> duties, Kind kind, String file, int line) {

    enum Kind {
        /** Nobody may carry two of them. */
        STATIC,
        /** Nobody may use two of them in one session. */
        SESSION
    }

    Separation {
        duties = List.copyOf(duties);
    }

    /**
     * The witness that somebody of these groups carries two of the duties, in one sentence; empty where nobody does or the
     * separation is of another kind.
     *
     * @param carriers the groups that carry each duty
     * @param elevated the duties that somebody has for a time as well
     */
    Optional<String> carriedBy(Set<String> groups, Map<String, Set<String>> carriers, Set<String> elevated) {
        List<String> carried = new ArrayList<>();
        for (String duty : duties) {
            TreeSet<String> by = new TreeSet<>(carriers.getOrDefault(duty, Set.of()));
            by.retainAll(groups);
            if (!by.isEmpty()) {
                carried.add("duty " + duty + " by group " + by.getFirst());
            } else if (elevated.contains(duty)) {
                carried.add("duty " + duty + " by a grant");
            }
        }
        return kind == Kind.STATIC && carried.size() > 1
                ? Optional.of(
                        carried.get(0) + " and " + carried.get(1) + ", which separation " + place() + " keeps apart")
                : Optional.empty();
    }

    /**
     * The witness that a command would use a second one of the duties in its session; empty where it would not.
     *
     * @param asks what it would use, and {@code used} by which command of the session each duty was used first
     */
    Optional<String> usedTwice(Set<String> asks, Map<String, Long> used) {
        if (kind != Kind.SESSION) {
            return Optional.empty();
        }
        List<String> asked = duties.stream().filter(asks::contains).toList();
        if (asked.size() > 1) {
            return Optional.of("This command would use duty " + asked.get(0) + " and duty " + asked.get(1)
                    + ", which separation " + place() + " keeps apart.");
        }
        return asked.isEmpty()
                ? Optional.empty()
                : duties.stream()
                        .filter(duty -> !duty.equals(asked.getFirst()) && used.containsKey(duty))
                        .findFirst()
                        .map(duty -> "Command " + used.get(duty) + " of this session used duty " + duty
                                + ", so duty " + asked.getFirst() + " is closed to it: separation " + place()
                                + " keeps them apart.");
    }

    Reason refusal(String effect, String witness) {
        return new Reason(effect, Ruling.REFUSE, name, file, line, witness);
    }

    private String place() {
        return name + " (" + file + ":" + line + ")";
    }
}
