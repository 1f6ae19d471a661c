package io.countersign.approval.attack;

import static io.countersign.approval.Requests.command;
import static io.countersign.approval.Requests.hold;

import io.countersign.api.Command;
import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.api.SessionId;
import io.countersign.approval.Choice;
import io.countersign.approval.Docket;
import io.countersign.approval.Held;
import io.countersign.approval.State;
import io.countersign.approval.Today;
import io.countersign.approval.Voted;
import io.countersign.identity.Agents;
import io.countersign.identity.People;
import io.countersign.identity.Person;
import io.countersign.ledger.Blocks;
import io.countersign.ledger.Entry;
import io.countersign.ledger.TestLedger;
import io.countersign.ledger.TestStore;
import io.countersign.policy.Decision.Terms;
import io.countersign.policy.Framer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A real store, ledger and docket to attack, with a policy and a clock that tests can change while requests wait. */
final class Office implements AutoCloseable {

    private final TestStore store = new TestStore();
    private final TestLedger ledger;
    private final Docket docket;
    volatile People people = People.UNKNOWN;
    volatile Today today = Today.SAME;
    volatile Instant now = Instant.parse("2026-03-02T12:00:00Z");

    Office() throws InterruptedException {
        ledger = new TestLedger(store);
        docket = new Docket(
                ledger.committer(), ((InstantSource) () -> now).withZone(ZoneOffset.UTC), () -> people, held -> today);
    }

    long held(DelegationChain requester, List<Held.Owner> owners, Terms... terms) throws Exception {
        return held(requester, owners, List.of(), terms);
    }

    long held(DelegationChain requester, List<Held.Owner> owners, List<Framer> framers, Terms... terms)
            throws Exception {
        Command command = command(requester, new SessionId(UUID.randomUUID()), 1);
        return docket.hold(
                        Held.of(command, hold(terms), owners, framers),
                        Entry.of("command", now, command.session().id(), json -> {}),
                        id -> {})
                .get()
                .id();
    }

    CompletableFuture<Voted> approving(long request, Identity... voter) {
        return docket.vote(request, DelegationChain.of(voter), Choice.APPROVE, "let me in");
    }

    Voted approve(long request, Identity... voter) throws Exception {
        return approving(request, voter).get();
    }

    Voted withdraw(long request, Identity voter) throws Exception {
        return docket.withdraw(request, DelegationChain.of(voter)).get();
    }

    void expire(long request) throws Exception {
        docket.end(request, State.EXPIRED, "nobody decided in time").get();
    }

    /** The types of all entries, in order: what an auditor will see of it. */
    List<String> record() {
        return store.transaction(em -> Blocks.from(em, 0, 100_000)).stream()
                .flatMap(block -> block.entries().stream())
                .map(json -> new String(json, StandardCharsets.UTF_8).replaceAll("\\{\"type\":\"([a-z-]+)\".*", "$1"))
                .toList();
    }

    static State state(Voted voted) {
        return switch (voted) {
            case Voted.Counted counted -> counted.after().state();
            case Voted.Closed closed -> closed.standing().state();
            default -> throw new AssertionError("not counted: " + voted);
        };
    }

    static People onePerson(String id, Identity... accounts) {
        return new People(
                List.of(new Person(
                        id,
                        java.util.Arrays.stream(accounts)
                                .map(each -> new Person.Account(each.issuer(), each.subject()))
                                .collect(java.util.stream.Collectors.toSet()),
                        Set.of())),
                Agents.NONE);
    }

    static People agent(String subject, String... owners) {
        return new People(
                List.of(),
                new Agents(List.of(new Agents.Agent(
                        Optional.empty(),
                        new Agents.Sign.Subject(subject::equals),
                        Optional.empty(),
                        Set.of(owners),
                        Set.of()))));
    }

    @Override
    public void close() throws Exception {
        ledger.close();
        store.close();
    }
}
