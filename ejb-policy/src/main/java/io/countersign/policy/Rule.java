package io.countersign.policy;

import io.countersign.api.Effect;
import io.countersign.api.Mask;
import io.countersign.policy.Decision.Reason;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.Decision.Terms;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Who × target × effects × condition → permit, hold or refuse, with obligations.
 *
 * @param duty      the duty it belongs to; whoever carries that is whom it speaks of
 * @param file      where it stands, relative to the policy folder, with {@code line} from 1
 * @param words     its reason, one sentence for people
 * @param terms     present exactly where it holds
 * @param masks     of the rule and of its duty
 * @param limitRows rows an answer may have
 */
record Rule(
        String duty,
        String name,
        String file,
        int line,
        List<Glob> targets,
        List<EffectPattern> effects,
        Optional<Condition> condition,
        Ruling ruling,
        String words,
        Optional<Terms> terms,
        List<Mask> masks,
        OptionalLong limitRows) {

    boolean speaksOf(String target) {
        for (Glob glob : targets) {
            if (glob.matches(target)) {
                return true;
            }
        }
        return false;
    }

    boolean speaksOf(Effect effect) {
        for (EffectPattern pattern : effects) {
            if (pattern.matches(effect)) {
                return true;
            }
        }
        return false;
    }

    /** @param effect as people read it */
    Reason reason(String effect, Ruling result, String because) {
        return new Reason(effect, result, name, file, line, because);
    }

    /** Names are unique within a policy; to hash all of a rule would take longer than to apply it. */
    @Override
    public int hashCode() {
        return name.hashCode();
    }
}
