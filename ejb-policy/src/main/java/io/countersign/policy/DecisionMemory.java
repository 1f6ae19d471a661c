package io.countersign.policy;

import io.countersign.api.Command;
import io.countersign.api.Content;
import io.countersign.api.DelegationChain;
import io.countersign.api.Digest;
import io.countersign.api.Effect;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The decisions of one revision, remembered for all that they depend on: equal identity chain, target, text, effects, session
 * state and duties for a time. Not where a condition that was asked depends on more than these. For any thread.
 */
final class DecisionMemory {

    /** Decisions remembered; all are forgotten when there are more. */
    private static final int MOST = 20_000;

    /** Questions whose very things are kept, … */
    private static final int MOST_REPEATED = 4_000;

    /** … and the characters of a text that is. */
    private static final int LONGEST_REPEATED = 8_192;

    /** A decision has a reason for each effect; longer ones are rare, and would make the memory of them large. */
    private static final int MOST_EFFECTS = 64;

    /**
     * What a decision depends on. The effects stand beside the text because one text can have several: what
     * {@code EXECUTE p} does is what the session's {@code p} says at the time.
     */
    private record Question(
            DelegationChain requester,
            String protocol,
            String target,
            Command.Phase phase,
            Digest content,
            List<Effect> effects,
            Map<String, String> state,
            Set<String> elevated) {

        static Question of(Command command, Set<String> elevated) {
            return new Question(
                    command.session().requester(),
                    command.session().protocol(),
                    command.session().target(),
                    command.phase(),
                    command.content().digest(),
                    command.content().effects(),
                    command.state(),
                    elevated);
        }
    }

    /** The same question asked with the very same things, as a session asks that sends a statement again. */
    private record Repeated(
            DelegationChain requester,
            String protocol,
            String target,
            Command.Phase phase,
            Content content,
            Map<String, String> state,
            Set<String> elevated) {

        static Repeated of(Command command, Set<String> elevated) {
            return new Repeated(
                    command.session().requester(),
                    command.session().protocol(),
                    command.session().target(),
                    command.phase(),
                    command.content(),
                    command.state(),
                    elevated);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Repeated that
                    && content == that.content
                    && state == that.state
                    && requester == that.requester
                    && phase == that.phase
                    && target.equals(that.target)
                    && protocol.equals(that.protocol)
                    && elevated.equals(that.elevated);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * System.identityHashCode(content) + System.identityHashCode(state)) + phase.ordinal();
        }
    }

    private final Map<Question, Decision> remembered = new ConcurrentHashMap<>();
    private final Map<Repeated, Decision> repeated = new ConcurrentHashMap<>();

    /** @param judge asked where nothing is remembered */
    Decision decision(Command command, Set<String> elevated, Supplier<Rulebook.Answer> judge) {
        Repeated same = Repeated.of(command, elevated);
        Decision before = repeated.get(same);
        if (before != null) {
            return before;
        }
        Question question = Question.of(command, elevated);
        Decision known = remembered.get(question);
        if (known != null) {
            if (command.content().text().length() <= LONGEST_REPEATED) {
                remember(repeated, MOST_REPEATED, same, known);
            }
            return known;
        }
        Rulebook.Answer answer = judge.get();
        if (answer.cacheable() && question.effects().size() <= MOST_EFFECTS) {
            remember(remembered, MOST, question, answer.decision());
        }
        return answer.decision();
    }

    private static <Q> void remember(Map<Q, Decision> decisions, int most, Q question, Decision decision) {
        if (decisions.size() >= most) {
            decisions.clear();
        }
        decisions.put(question, decision);
    }
}
