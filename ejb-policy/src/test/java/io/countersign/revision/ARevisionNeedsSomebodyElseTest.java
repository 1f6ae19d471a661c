package io.countersign.revision;

import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.CAROL;
import static io.countersign.approval.Requests.DAVE;
import static io.countersign.approval.Requests.person;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Claims;
import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.approval.Choice;
import io.countersign.identity.People;
import io.countersign.ledger.Blocks;
import io.countersign.ledger.TestLedger;
import io.countersign.ledger.TestStore;
import io.countersign.policy.Author;
import io.countersign.policy.Framer;
import io.countersign.policy.Policy;
import io.countersign.policy.Policy.SourceFile;
import io.countersign.policy.PolicyException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every step of a change of the policy, in a real store and on a real ledger. */
@Timeout(60)
class ARevisionNeedsSomebodyElseTest {

    private static final Identity ERIN = person("erin", "administrators");
    private static final Set<String> DECIDERS = Set.of("approvers", "administrators");

    private TestStore store;
    private TestLedger ledger;
    private Register register;

    @BeforeEach
    void open() throws Exception {
        store = new TestStore();
        ledger = new TestLedger(store);
        register = new Register(ledger.committer(), Clock.systemUTC());
        enforce(policy("first"));
    }

    @AfterEach
    void close() throws Exception {
        ledger.close();
        store.close();
    }

    @Test
    void otherThanItsAuthorAndThenDecides() throws Exception {
        Proposal proposal = proposed(upload(policy("second"), ERIN));

        assertThat(approve(proposal, ERIN)).isInstanceOf(Tallied.NotAllowed.class);
        assertThat(decides()).contains(policy("first").revision());
        assertThat(approve(proposal, BOB)).isInstanceOf(Tallied.Counted.class);

        assertThat(decides()).contains(policy("second").revision());
        assertThat(states()).containsExactly("SUPERSEDED", "IN_FORCE");
        assertThat(record())
                .containsExactly(
                        "policy-in-force", "policy-proposed", "policy-vote-refused", "policy-vote", "policy-in-force");
    }

    @Test
    void andIsGoneWhenSomebodySaysNo() throws Exception {
        Proposal proposal = proposed(upload(policy("second"), ERIN));
        Tallied rejected = register.vote(
                        proposal.id(), DelegationChain.of(BOB), Choice.REJECT, "too wide", People.UNKNOWN, DECIDERS)
                .get();
        assertThat(rejected).isInstanceOf(Tallied.Counted.class);
        assertThat(approve(proposal, CAROL)).isInstanceOf(Tallied.Closed.class);
        assertThat(decides()).contains(policy("first").revision());
        assertThat(record()).endsWith("policy-vote", "policy-rejected", "policy-vote-refused");
    }

    @Test
    void twoOthersWhereNobodyKnowsTheAuthor() throws Exception {
        Proposal proposal = proposed(folder(policy("second")));
        assertThat(proposal.needed()).isEqualTo(2);
        approve(proposal, BOB);
        assertThat(approve(proposal, BOB)).isInstanceOf(Tallied.NotAllowed.class);
        assertThat(decides()).contains(policy("first").revision());
        approve(proposal, CAROL);
        assertThat(decides()).contains(policy("second").revision());
    }

    @Test
    void twoOthersWhereCommitsSayWhoUnlessOperatorsVouchForThat() throws Exception {
        assertThat(proposed(commit(policy("second"), "c0ffee", false)).needed()).isEqualTo(2);
        Proposal vouched = proposed(commit(policy("third"), "decaf", true));
        assertThat(vouched.needed()).isEqualTo(1);
        assertThat(vouched.author()).isEqualTo(commits("decaf", true));
        assertThat(states()).containsExactly("IN_FORCE", "SUPERSEDED", "PROPOSED");
    }

    @Test
    void theStoreRemembersWhichCommitIsInForce() throws Exception {
        Identity addressed = new Identity(
                BOB.issuer(),
                BOB.subject(),
                BOB.name(),
                BOB.groups(),
                BOB.kind(),
                new Claims(Optional.of("bob@example.com"), Optional.empty(), Map.of()));
        assertThat(commitInForce()).isEmpty();
        approve(proposed(commit(policy("second"), "c0ffee", true)), addressed);
        assertThat(commitInForce()).contains("c0ffee");
        approve(proposed(upload(policy("third"), ERIN)), BOB);
        assertThat(commitInForce()).isEmpty();
        approve(proposed(upload(policy("second"), ERIN)), BOB); // back again
        assertThat(commitInForce()).contains("c0ffee");
        Optional<String> last = store.aside(em -> SaidBefore.revision(em, Source.GIT));
        assertThat(last).contains(policy("second").revision());
    }

    @Test
    void whatWasComparedWithAnotherRevisionIsProposedAnew() throws Exception {
        Proposal one = proposed(upload(policy("second"), ERIN));
        Proposal other = proposed(upload(policy("third"), BOB));
        Draft late = upload(policy("fourth"), BOB);
        approve(one, BOB);
        assertThat(approve(other, CAROL)).isInstanceOf(Tallied.Closed.class);
        assertThat(register.propose(late).get()).isEqualTo(new Filed.Overtaken());
        assertThat(register.propose(upload(policy("second"), BOB)).get()).isEqualTo(new Filed.InForce());
        assertThat(states()).containsExactly("SUPERSEDED", "IN_FORCE", "SUPERSEDED");
    }

    @Test
    void theFolderHasOneProposalAtATime() throws Exception {
        proposed(folder(policy("second")));
        proposed(folder(policy("third")));
        assertThat(states()).containsExactly("IN_FORCE", "SUPERSEDED", "PROPOSED");
        register.withdraw(Source.FOLDER).get();
        assertThat(states()).containsExactly("IN_FORCE", "SUPERSEDED", "SUPERSEDED");
    }

    @Test
    void proposalsDoNotFillTheStore() throws Exception {
        for (int i = 0; i < Register.MOST_WAITING; i++) {
            proposed(upload(policy("no " + i), BOB));
        }
        assertThat(register.propose(upload(policy("one more"), BOB)).get())
                .isEqualTo(new Filed.TooMany(Register.MOST_WAITING));
    }

    @Test
    void theStoreRemembersWhoBroughtARuleIntoForce() throws Exception {
        approve(proposed(upload(policy("second", "sql:delete"), ERIN)), BOB);
        approve(proposed(upload(policy("third", "sql:delete"), CAROL)), DAVE);
        Map<String, List<Framer>> origins = origins(policy("third", "sql:delete"));
        assertThat(origins.get("only"))
                .extracting(framer -> framer.who().described() + framer.approved())
                .containsExactly("erinfalse", "bobtrue");
    }

    private Map<String, List<Framer>> origins(Policy policy) {
        return Origins.of(store.aside(Register::history), policy.forms());
    }

    private void enforce(Policy policy) throws Exception {
        register.enforce(
                        new Draft(policy, Optional.empty(), Source.FOLDER, new Author.Unknown(), "", List.of()),
                        "bootstrap")
                .get();
    }

    private Proposal proposed(Draft draft) throws Exception {
        return ((Filed.Waiting) register.propose(draft).get()).proposal();
    }

    private Tallied approve(Proposal proposal, Identity voter) throws Exception {
        return register.vote(proposal.id(), DelegationChain.of(voter), Choice.APPROVE, "", People.UNKNOWN, DECIDERS)
                .get();
    }

    private Draft upload(Policy policy, Identity author) {
        return new Draft(
                policy, decides(), Source.UPLOAD, new Author.Caller(DelegationChain.of(author)), "", List.of());
    }

    private Draft commit(Policy policy, String commit, boolean sure) {
        return new Draft(policy, decides(), Source.GIT, commits(commit, sure), "", List.of());
    }

    private static Author commits(String commit, boolean sure) {
        return new Author.Commits(commit, List.of(new Author.Hand("Eve", "eve@example.com")), sure);
    }

    private Draft folder(Policy policy) {
        return new Draft(policy, decides(), Source.FOLDER, new Author.Unknown(), "", List.of());
    }

    private Optional<String> decides() {
        return store.aside(Register::decides);
    }

    private Optional<String> commitInForce() {
        return store.aside(SaidBefore::commitInForce);
    }

    private List<String> states() {
        return store.aside(
                em -> em
                        .createQuery("SELECT p FROM PolicyProposal p ORDER BY p.id", PolicyProposal.class)
                        .getResultList()
                        .stream()
                        .map(each -> each.state().name())
                        .toList());
    }

    private List<String> record() {
        return store.transaction(em -> Blocks.from(em, 0, 100_000)).stream()
                .flatMap(block -> block.entries().stream())
                .map(json -> new String(json, StandardCharsets.UTF_8).replaceAll("\\{\"type\":\"([a-z-]+)\".*", "$1"))
                .toList();
    }

    private static Policy policy(String comment) throws PolicyException {
        return policy(comment, "sql:select");
    }

    private static Policy policy(String comment, String effect) throws PolicyException {
        return Policy.of(List.of(new SourceFile("shop.yaml", """
                        # %s
                        issuers:
                          - {name: demo, issuer: "https://id.example", jwks: "https://id.example/jwks", audience: countersign}
                        targets:
                          - {name: shop, protocol: postgres, host: db, port: 5432, user: gateway, password: "${p}", tls: verify-full}
                        duties:
                          - name: care
                            carried-by: [support]
                            rules:
                              - {name: only, targets: [shop], effects: ["%s"], decision: permit}
                        """.formatted(comment, effect))), name -> "secret");
    }
}
