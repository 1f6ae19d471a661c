package io.countersign.policy.boundary;

import io.countersign.identity.FileAccounts;
import io.countersign.policy.Decision;
import io.countersign.policy.Decision.Reason;
import io.countersign.policy.Framer;
import io.countersign.policy.Policy;
import io.countersign.policy.Policy.SourceFile;
import io.countersign.policy.PolicyException;
import io.countersign.policy.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The policy that decides now, and who brought its rules into force. Which one that is, others decide. */
@ApplicationScoped
public class PolicyInForce {

    private static final System.Logger LOG = System.getLogger(PolicyInForce.class.getName());

    @Inject
    @ConfigProperty(name = "countersign.accounts.file")
    private Optional<String> accounts;

    @Inject
    private Config config;

    @Inject
    private Event<PolicyChanged> changed;

    /** By revision, also of those before: a command may be held by one as the next comes into force. */
    private final Map<String, Map<String, List<Framer>>> framers = new ConcurrentHashMap<>();

    private volatile @Nullable Policy current;
    private volatile String problem = "none was put in force yet";

    /** @throws PolicyUnavailable while there is none: refuse everything */
    public Policy current() {
        Policy policy = current;
        if (policy == null) {
            throw new PolicyUnavailable("no policy is in force: " + problem);
        }
        return policy;
    }

    public boolean isThere() {
        return current != null;
    }

    /** What operators must know of the policy beside what is in force; empty where there is nothing. */
    public Optional<String> problem() {
        return Optional.of(problem).filter(text -> !text.isEmpty());
    }

    /** @return whether this is another one than before */
    public boolean problem(String words) {
        boolean other = !words.equals(problem);
        problem = words;
        return other;
    }

    /** Who brought the rules into force by which a decision lets a command through, at once or when it is countersigned. */
    public List<Framer> framers(Decision decision) {
        return framers(
                decision.revision(),
                decision.reasons().stream().map(Reason::rule).distinct().toList());
    }

    /** Who brought these rules of a revision into force. */
    public List<Framer> framers(String revision, List<String> rules) {
        Map<String, List<Framer>> known = framers.getOrDefault(revision, Map.of());
        return rules.stream()
                .flatMap(rule -> known.getOrDefault(rule, List.of()).stream())
                .toList();
    }

    /**
     * Compiles files with the variables of this deployment, and holds them against its accounts.
     *
     * @throws PolicyException with every problem found
     */
    public Policy compile(List<SourceFile> files) throws PolicyException {
        Policy compiled = Policy.of(
                files, name -> config.getOptionalValue(name, String.class).orElse(null));
        List<Problem> conflicts = accounts.map(file ->
                        compiled.conflicts(FileAccounts.load(Path.of(file)).identities()))
                .orElse(List.of());
        if (!conflicts.isEmpty()) {
            throw new PolicyException(conflicts);
        }
        return compiled;
    }

    /** From now on this one decides. */
    public synchronized void enforce(Policy policy, Map<String, List<Framer>> introduced) {
        Policy before = current;
        framers.put(policy.revision(), Map.copyOf(introduced));
        current = policy;
        problem = "";
        LOG.log(Level.INFO, "Policy {0} is in force: {1}", policy.revision(), policy.described());
        if (before == null || !before.revision().equals(policy.revision())) {
            changed.fire(new PolicyChanged(policy.revision()));
        }
    }
}
