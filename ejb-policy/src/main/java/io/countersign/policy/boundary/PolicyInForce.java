package io.countersign.policy.boundary;

import io.countersign.identity.FileAccounts;
import io.countersign.policy.Policy;
import io.countersign.policy.PolicyException;
import io.countersign.policy.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * The policy that decides now. {@link #refresh} is called by the gateway's start and then every second: a folder that
 * changed and is valid comes into force, one that is not leaves the policy as it was, with a loud error in the log and in
 * the gateway's health.
 */
@ApplicationScoped
public class PolicyInForce {

    private static final System.Logger LOG = System.getLogger(PolicyInForce.class.getName());

    @Inject
    @ConfigProperty(name = "countersign.policy.dir")
    private Optional<String> folder;

    @Inject
    @ConfigProperty(name = "countersign.accounts.file")
    private Optional<String> accounts;

    @Inject
    private Config config;

    @Inject
    private Event<PolicyChanged> changed;

    private volatile @Nullable Policy current;
    private volatile String problem = "";
    private String seen = "";

    /** @throws PolicyUnavailable while there is none: refuse everything */
    public Policy current() {
        Policy policy = current;
        if (policy == null) {
            throw new PolicyUnavailable("no policy is in force: " + problem);
        }
        return policy;
    }

    /** What is wrong with the folder as it is now; empty where the policy in force is what the folder says. */
    public Optional<String> problem() {
        return Optional.of(problem).filter(text -> !text.isEmpty());
    }

    /** Looks whether the folder changed and loads it if so. */
    public synchronized void refresh() {
        if (folder.isEmpty()) {
            problem = "countersign.policy.dir is not set";
            return;
        }
        Path place = Path.of(folder.get());
        String now = stamp(place);
        if (now.equals(seen) && problem.isEmpty()) {
            return;
        }
        seen = now;
        try {
            Policy loaded = Policy.load(
                    place, name -> config.getOptionalValue(name, String.class).orElse(null));
            List<Problem> conflicts = conflicts(loaded);
            if (!conflicts.isEmpty()) {
                throw new PolicyException(conflicts);
            }
            Policy before = current;
            current = loaded;
            problem = "";
            LOG.log(Level.INFO, "Policy {0} is in force: {1}", loaded.revision(), loaded.described());
            if (before == null || !before.revision().equals(loaded.revision())) {
                changed.fire(new PolicyChanged(loaded.revision()));
            }
        } catch (PolicyException | RuntimeException e) {
            String found = e instanceof PolicyException ? String.valueOf(e.getMessage()) : e.toString();
            if (found.equals(problem)) {
                return; // Tried again because it may be mended elsewhere: in a password file, in a setting.
            }
            problem = found;
            LOG.log(
                    Level.ERROR,
                    "The policy in {0} is NOT loaded, {1}. Mend it:\n{2}",
                    place,
                    current == null ? "and everything is refused" : "the one before stays in force",
                    found);
        }
    }

    /** People of the accounts file who would carry duties that the policy keeps apart. */
    private List<Problem> conflicts(Policy loaded) {
        return accounts.map(file ->
                        loaded.conflicts(FileAccounts.load(Path.of(file)).identities()))
                .orElse(List.of());
    }

    /** Names, sizes and times: what changes when somebody edits, copies or pulls. */
    private static String stamp(Path place) {
        TreeMap<String, String> files = new TreeMap<>();
        try (Stream<Path> listed = Files.list(place)) {
            for (Path file : listed.filter(Files::isRegularFile).toList()) {
                files.put(file.getFileName().toString(), Files.size(file) + "@" + Files.getLastModifiedTime(file));
            }
        } catch (IOException e) {
            return "unreadable: " + e;
        }
        return files.toString();
    }
}
