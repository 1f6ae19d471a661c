package io.countersign.policy;

import io.countersign.api.Command;
import io.countersign.api.DelegationChain;
import io.countersign.api.Digest;
import io.countersign.api.Effect;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The decisions of one revision, remembered for all that they depend on: equal identity chain, target, kinds of statements,
 * effects, session state and duties for a time; and text, where a condition that was asked looks at it. Not where one
 * depends on more than these. For any thread.
 */
final class DecisionMemory {

    /** Decisions remembered; all are forgotten when there are more, … */
    private static final int MOST = 20_000;

    /** … or have more effects and statements together: some 50 MB. */
    private static final int MOST_PARTS = 100_000;

    /** Questions whose very things are kept, … */
    private static final int MOST_REPEATED = 4_000;

    /** … and the characters of a text that is. */
    private static final int LONGEST_REPEATED = 8_192;

    /** Effects and statements of a command. A decision has a reason for each effect; longer ones are rare. */
    private static final int MOST_OF_ONE = 64;

    /**
     * What a decision depends on. Which rules speak, and so whether one of them looks at the text, follows from the rest.
     *
     * @param text empty where no rule that speaks looks at it
     */
    private record Question(
            DelegationChain requester,
            String protocol,
            String target,
            Command.Phase phase,
            Optional<Digest> text,
            List<String> kinds,
            List<Effect> effects,
            Map<String, String> state,
            Set<String> elevated) {

        static Question of(Command command, boolean ofTheText, Set<String> elevated) {
            return new Question(
                    command.session().requester(),
                    command.session().protocol(),
                    command.session().target(),
                    command.phase(),
                    ofTheText ? Optional.of(command.content().digest()) : Optional.empty(),
                    command.content().kinds(),
                    command.content().effects(),
                    command.state(),
                    elevated);
        }
    }

    /**
     * The same question asked with the very same things, as a session asks that sends a statement again.
     *
     * @param said the effects, or the whole content where a rule looks at its text
     */
    private record Repeated(
            DelegationChain requester,
            String protocol,
            String target,
            Command.Phase phase,
            Object said,
            List<String> kinds,
            Map<String, String> state,
            Set<String> elevated) {

        static Repeated of(Command command, boolean ofTheText, Set<String> elevated) {
            return new Repeated(
                    command.session().requester(),
                    command.session().protocol(),
                    command.session().target(),
                    command.phase(),
                    ofTheText ? command.content() : command.content().effects(),
                    command.content().kinds(),
                    command.state(),
                    elevated);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Repeated that
                    && said == that.said
                    && state == that.state
                    && requester == that.requester
                    && phase == that.phase
                    && kinds.equals(that.kinds)
                    && target.equals(that.target)
                    && protocol.equals(that.protocol)
                    && elevated.equals(that.elevated);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * System.identityHashCode(said) + System.identityHashCode(state)) + phase.ordinal();
        }
    }

    private final Map<Question, Decision> remembered = new ConcurrentHashMap<>();
    private final AtomicInteger parts = new AtomicInteger();
    private final Map<Repeated, Decision> repeated = new ConcurrentHashMap<>();

    /** @param judge asked where nothing is remembered */
    Decision decision(Command command, Set<String> elevated, Supplier<Rulebook.Answer> judge) {
        Decision known = known(command, false, elevated);
        if (known == null) {
            known = known(command, true, elevated);
        }
        if (known != null) {
            return known;
        }
        Rulebook.Answer answer = judge.get();
        if (answer.cacheable()) {
            remember(Question.of(command, answer.ofTheText(), elevated), answer.decision());
        }
        return answer.decision();
    }

    private @Nullable Decision known(Command command, boolean ofTheText, Set<String> elevated) {
        Repeated same = Repeated.of(command, ofTheText, elevated);
        Decision before = repeated.get(same);
        if (before != null) {
            return before;
        }
        Decision known = remembered.get(Question.of(command, ofTheText, elevated));
        if (known != null && (!ofTheText || command.content().text().length() <= LONGEST_REPEATED)) {
            if (repeated.size() >= MOST_REPEATED) {
                repeated.clear();
            }
            repeated.put(same, known);
        }
        return known;
    }

    private void remember(Question question, Decision decision) {
        int more = question.kinds.size() + question.effects.size();
        if (more > MOST_OF_ONE) {
            return;
        }
        if (remembered.size() >= MOST || parts.addAndGet(more) > MOST_PARTS) {
            remembered.clear();
            parts.set(more);
        }
        remembered.put(question, decision);
    }
}
