package io.countersign.approval;

import io.countersign.api.Command;
import io.countersign.api.DelegationChain;
import io.countersign.api.Digest;
import io.countersign.api.Effect;
import io.countersign.api.Insight;
import io.countersign.policy.Decision;
import io.countersign.policy.Decision.Reason;
import io.countersign.policy.Decision.Terms;
import io.countersign.policy.Framer;
import io.countersign.policy.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an approval request is about, as it was when it was opened. Nothing of it changes afterwards; what the target says of
 * it is added once.
 *
 * @param session  whose command it is; empty where it is about none
 * @param command  its number within the session; 0 where it is about none
 * @param effects  as people read them
 * @param state    session state that changes what the same bytes mean
 * @param inTransaction whether it keeps a transaction open at the target while it waits
 * @param digest   what an approval binds: the command's digest and the policy revision together
 * @param owners   who owns an agent of the requester's chain, and so cannot approve
 * @param insights what the target says of the command; empty until it does
 * @param framers  who brought the rules into force that let it through, and so cannot approve either
 */
public record Held(
        Matter matter,
        String session,
        long command,
        DelegationChain requester,
        String protocol,
        String target,
        List<String> kinds,
        String statement,
        List<Parameter> binds,
        List<String> effects,
        List<Reason> reasons,
        SortedMap<String, String> state,
        boolean inTransaction,
        Digest digest,
        String revision,
        List<Terms> terms,
        List<Owner> owners,
        List<Framer> framers,
        List<Insight> insights) {

    public Held {
        kinds = List.copyOf(kinds);
        binds = List.copyOf(binds);
        effects = List.copyOf(effects);
        reasons = List.copyOf(reasons);
        terms = List.copyOf(terms);
        owners = List.copyOf(owners);
        framers = List.copyOf(framers);
        insights = List.copyOf(insights);
        if (terms.isEmpty()) {
            throw new IllegalArgumentException("a command held without terms could never go on");
        }
    }

    /** @param text as people read it, null for SQL NULL */
    public record Parameter(String type, @Nullable String text) {}

    /** @param agent the name of the agent that this account owns */
    public record Owner(Account account, String agent) {

        /** Whoever owns an agent of a chain, by the policy in force. */
        public static List<Owner> all(Policy policy, DelegationChain chain) {
            return chain.links().stream()
                    .flatMap(link -> policy.owners(link).stream()
                            .map(owner -> new Owner(new Account(owner.issuer(), owner.subject()), link.name())))
                    .toList();
        }
    }

    /** About something that is no command. */
    public static Held about(
            Matter matter,
            DelegationChain requester,
            String protocol,
            String target,
            String statement,
            String effect,
            Reason reason,
            Digest digest,
            String revision,
            Terms terms,
            List<Owner> owners,
            List<Framer> framers) {
        return new Held(
                matter,
                "",
                0,
                requester,
                protocol,
                target,
                List.of(matter.name()),
                statement,
                List.of(),
                List.of(effect),
                List.of(reason),
                new TreeMap<>(),
                false,
                digest,
                revision,
                List.of(terms),
                owners,
                framers,
                List.of());
    }

    /** By rules whose authors nobody knows. */
    public static Held of(Command command, Decision decision, List<Owner> owners) {
        return of(command, decision, owners, List.of());
    }

    public static Held of(Command command, Decision decision, List<Owner> owners, List<Framer> framers) {
        return new Held(
                Matter.COMMAND,
                command.session().id().toString(),
                command.number(),
                command.session().requester(),
                command.session().protocol(),
                command.session().target(),
                command.content().kinds(),
                command.content().text(),
                command.binds().stream()
                        .map(bind -> new Parameter(bind.type(), bind.text()))
                        .toList(),
                command.content().effects().stream().map(Effect::described).toList(),
                decision.reasons(),
                new TreeMap<>(command.state()),
                command.inTransaction(),
                binding(command.digest(), decision.revision()),
                decision.revision(),
                decision.terms(),
                owners,
                framers,
                List.of());
    }

    /** The same, with what the target says of it. */
    Held with(List<Insight> insights) {
        return new Held(
                matter,
                session,
                command,
                requester,
                protocol,
                target,
                kinds,
                statement,
                binds,
                effects,
                reasons,
                state,
                inTransaction,
                digest,
                revision,
                terms,
                owners,
                framers,
                insights);
    }

    /** What an approval is good for: this very command under this very policy, and nothing else. */
    public static Digest binding(Digest command, String revision) {
        return Digest.over().field(command.bytes()).field(revision).done();
    }

    /** The shortest of its terms: when nobody needs to answer any more. */
    public Duration within() {
        return terms.stream().map(Terms::within).min(Duration::compareTo).orElseThrow();
    }

    /**
     * How long it may keep its transaction open: no longer than each of its terms lets it. Empty where it keeps none open, or
     * may do so for as long as it waits.
     */
    public Optional<Duration> inTransactionWithin() {
        return inTransaction
                ? terms.stream().flatMap(each -> each.inTransaction().stream()).min(Duration::compareTo)
                : Optional.empty();
    }

    /** Whether both wait at the same place. */
    boolean isAt(Held other) {
        return session.equals(other.session) && command == other.command;
    }

    /** Whether it is the same act by the same people under the same terms: what one approval is good for, wherever it is asked. */
    boolean sameAs(Held other) {
        return digest.equals(other.digest)
                && accounts().equals(other.accounts())
                && terms.equals(other.terms)
                && Set.copyOf(owners).equals(Set.copyOf(other.owners));
    }

    private List<Account> accounts() {
        return requester.links().stream().map(Account::of).toList();
    }

    /** How long after its approval it may come again, if its client could not wait: no longer than each of its terms lets it. */
    public Duration rerun() {
        return terms.stream().map(Terms::rerun).min(Duration::compareTo).orElseThrow();
    }

    /** Whether it matters how many other requests a voter has approved. */
    public boolean limitsPending() {
        return terms.stream()
                .flatMap(each -> each.stages().stream())
                .flatMap(stage -> stage.approvers().stream())
                .anyMatch(group -> group.mostPending().isPresent());
    }
}
