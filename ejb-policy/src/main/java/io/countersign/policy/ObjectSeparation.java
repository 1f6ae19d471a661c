package io.countersign.policy;

import io.countersign.api.Effect;
import io.countersign.api.Identity;
import io.countersign.identity.People;
import io.countersign.policy.Decision.Reason;
import io.countersign.policy.Decision.Ruling;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What nobody may do to an object to which they have done something else: who created it does not run it, who exported it
 * does not delete it (history-based separation of duty, after ANSI INCITS 359's dynamic one).
 *
 * @param sides  what excludes one another; at least two
 * @param within how long something that was done counts; for ever where empty
 * @param file   where it stands, relative to the policy folder, with {@code line} from 1
 */
record ObjectSeparation(
        String name, List<List<EffectPattern>> sides, Optional<Duration> within, String file, int line) {

    ObjectSeparation {
        sides = sides.stream().map(List::copyOf).toList();
    }

    boolean speaksOf(Effect effect) {
        return sides(effect).findAny().isPresent();
    }

    /** Whether one excludes the other, on one object. */
    boolean excludes(Effect one, Effect other) {
        return sides(one).anyMatch(side -> sides(other).anyMatch(another -> another != side));
    }

    /** Why an effect is closed to somebody by what they have done, in one sentence; empty where it is not. */
    Optional<String> witness(Effect asked, Iterable<Identity> asking, Deed earlier, People people, Instant now) {
        if (within.isPresent() && earlier.at().plus(within.get()).isBefore(now) || !excludes(asked, earlier.effect())) {
            return Optional.empty();
        }
        for (Identity somebody : asking) {
            for (Identity doer : earlier.by().links()) {
                if (isPerson(somebody)
                        && isPerson(doer)
                        && people.same(somebody, doer).isPresent()) {
                    return Optional.of(
                            somebody.name() + " asked for " + earlier.effect().described() + " before, as"
                                    + " command " + earlier.command() + " of session " + earlier.session() + " at "
                                    + earlier.at() + ": separation " + place() + " keeps that apart from this.");
                }
            }
        }
        return Optional.empty();
    }

    Reason refusal(String effect, String witness) {
        return new Reason(effect, Ruling.REFUSE, name, file, line, witness);
    }

    String place() {
        return name + " (" + file + ":" + line + ")";
    }

    private IntStream sides(Effect effect) {
        return IntStream.range(0, sides.size())
                .filter(side -> sides.get(side).stream().anyMatch(pattern -> pattern.matches(effect)));
    }

    private static boolean isPerson(Identity identity) {
        return identity.kind() == Identity.Kind.PERSON;
    }
}
