package io.countersign.policy;

import io.countersign.api.Command;
import io.countersign.api.Content;
import io.countersign.api.DelegationChain;
import io.countersign.api.Effect;
import io.countersign.api.Identity;
import io.countersign.identity.Issuer;
import io.countersign.policy.Considered.Because;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** {@code countersign policy explain FOLDER}: one command, every rule that was considered for it, and why it decides or not. */
public final class Explanation {

    private Explanation() {}

    /**
     * What is asked of a policy.
     *
     * @param name    who asks, with {@code groups}, and {@code through} which agents, the one that acts last
     * @param schemas where names without a schema are looked for
     */
    public record Asked(
            String name, Set<String> groups, List<String> through, String target, String text, List<String> schemas) {}

    /** @return 0 where the policy and the command are understood, whatever it decides; else 1 */
    public static int run(
            String folder, Asked asked, Contents contents, Instant now, PrintStream out, PrintStream err) {
        try {
            Policy policy = PolicyReader.check(Path.of(folder));
            if (policy.target("postgres", asked.target()).isEmpty()) {
                err.println("There is no target named " + asked.target() + ".");
                return 1;
            }
            Content content = contents.read(asked.text(), asked.schemas());
            Command command =
                    new Trial(chain(policy, asked), asked.target(), content, Map.of("transaction", "I"), now).command();
            print(policy, command, now, out);
            return 0;
        } catch (PolicyException e) {
            e.problems().forEach(err::println);
            return 1;
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            return 1;
        }
    }

    private static DelegationChain chain(Policy policy, Asked asked) {
        String issuer =
                policy.issuers().stream().findFirst().map(Issuer::issuer).orElse("https://unknown.invalid");
        List<Identity> links = new ArrayList<>();
        links.add(identity(policy, issuer, asked.name(), asked.groups(), Identity.Kind.PERSON));
        asked.through().forEach(agent -> links.add(identity(policy, issuer, agent, Set.of(), Identity.Kind.AGENT)));
        return new DelegationChain(links);
    }

    private static Identity identity(
            Policy policy, String issuer, String name, Set<String> groups, Identity.Kind kind) {
        return policy.people().agents().described(new Identity(issuer, name, name, groups, kind));
    }

    private static void print(Policy policy, Command command, Instant now, PrintStream out) {
        Decision decision = policy.decide(command, now);
        out.println(TestRun.word(decision.ruling()) + ": "
                + command.session().requester().described() + " on "
                + command.session().target() + ", policy " + decision.revision());
        List<Considered> considered = policy.explain(command, now);
        for (Effect effect : command.content().effects()) {
            out.println();
            out.println(effect.described());
            decision.reasons().stream()
                    .filter(reason -> reason.effect().equals(effect.described()))
                    .map(reason -> "  " + TestRun.word(reason.ruling()) + ": " + reason.words())
                    .distinct()
                    .forEach(out::println);
            considered.stream()
                    .filter(each -> each.effect().equals(effect))
                    .map(each ->
                            (each.because() == Because.APPLIES || each.because() == Because.FAILS ? "  + " : "  - ")
                                    + each.described())
                    .forEach(out::println);
        }
        decision.terms().forEach(terms -> {
            out.println();
            out.println("to be countersigned for rule " + terms.rule() + ", within " + terms.within() + ":");
            terms.stages().forEach(stage -> out.println("  " + words(stage)));
        });
    }

    private static String words(Stage stage) {
        return switch (stage) {
            case Stage.Automatic automatic -> "the automatic approver " + automatic.name() + ", at " + automatic.opa();
            case Stage.Persons persons ->
                persons.quorum()
                        + (persons.each() ? ", one of each of " : " of ")
                        + String.join(
                                ", ",
                                persons.approvers().stream()
                                        .flatMap(group -> group.groups().stream())
                                        .collect(java.util.stream.Collectors.toCollection(TreeSet::new)));
        };
    }
}
