package io.countersign.policy;

import io.countersign.api.DelegationChain;
import io.countersign.api.Effect;
import io.countersign.api.Resource;
import io.countersign.identity.People;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** All that a policy keeps apart on one object over time. Pure functions: what was done before is told. */
public final class ObjectSeparations {

    private final List<ObjectSeparation> separations;
    private final People people;

    ObjectSeparations(List<ObjectSeparation> separations, People people) {
        this.separations = List.copyOf(separations);
        this.people = people;
    }

    /** Whether nothing is kept apart. */
    public boolean none() {
        return separations.isEmpty();
    }

    /** Whether an effect is kept apart from others. */
    public boolean speakOf(Effect effect) {
        return separations.stream().anyMatch(each -> each.speaksOf(effect));
    }

    /**
     * The decision as it is for people who have done something before.
     *
     * @param touched those of the command's effects for which {@link #speakOf}
     * @param earlier what was done to a resource of the same target, by whomever
     */
    public Decision apart(
            Decision decision,
            List<Effect> touched,
            DelegationChain asking,
            Function<Resource, List<Deed>> earlier,
            Instant now) {
        List<Decision.Reason> reasons = new ArrayList<>();
        for (Effect effect : touched) {
            for (ObjectSeparation separation : separations) {
                touched.stream()
                        .filter(other ->
                                other.resource().equals(effect.resource()) && separation.excludes(effect, other))
                        .findFirst()
                        .map(other -> "This command would do " + other.described() + " as well, which separation "
                                + separation.place() + " keeps apart from it.")
                        .or(() -> earlier.apply(effect.resource()).stream()
                                .flatMap(deed -> separation.witness(effect, asking.links(), deed, people, now).stream())
                                .findFirst())
                        .ifPresent(witness -> reasons.add(separation.refusal(effect.described(), witness)));
            }
        }
        return reasons.isEmpty() ? decision : refused(decision, reasons);
    }

    /** The decision as long as nobody has read what was done before. */
    public Decision unread(Decision decision, List<Effect> touched) {
        List<Decision.Reason> reasons = new ArrayList<>();
        for (Effect effect : touched) {
            separations.stream()
                    .filter(each -> each.speaksOf(effect))
                    .map(each -> each.refusal(
                            effect.described(),
                            "Who did what to this before is still being read from the record. Try again in a moment."))
                    .forEach(reasons::add);
        }
        return refused(decision, reasons);
    }

    private static Decision refused(Decision decision, List<Decision.Reason> reasons) {
        return new Decision(Decision.Ruling.REFUSE, reasons, List.of(), List.of(), Set.of(), decision.revision());
    }
}
