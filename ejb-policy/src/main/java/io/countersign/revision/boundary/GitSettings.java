package io.countersign.revision.boundary;

import io.countersign.revision.git.Upstream;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where the policy is pulled from, where that is a git repository. */
@ApplicationScoped
public class GitSettings {

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    @Inject
    @ConfigProperty(name = "countersign.policy.git.url")
    private Optional<String> url;

    @Inject
    @ConfigProperty(name = "countersign.policy.git.branch", defaultValue = "main")
    private String branch;

    @Inject
    @ConfigProperty(name = "countersign.policy.git.folder")
    private Optional<String> folder;

    @Inject
    @ConfigProperty(name = "countersign.policy.git.credential")
    private Optional<String> credential;

    @Inject
    @ConfigProperty(name = "countersign.policy.git.interval", defaultValue = "PT1M")
    private String interval;

    @Inject
    @ConfigProperty(name = "countersign.policy.git.authors", defaultValue = "claimed")
    private String authors;

    @Inject
    @ConfigProperty(name = "countersign.data.dir", defaultValue = "countersign-data")
    private String data;

    boolean isSet() {
        return url.isPresent();
    }

    /** @throws IllegalArgumentException where the settings name nothing that can be pulled */
    Upstream upstream() {
        return new Upstream(
                url.orElseThrow(() -> new IllegalArgumentException("countersign.policy.git.url is not set")),
                branch,
                folder.orElse(""),
                credential.map(Path::of));
    }

    String described() {
        return url.map(Upstream::shown).orElse("(countersign.policy.git.url is not set)") + ", branch " + branch
                + folder.map(name -> ", folder " + name).orElse("");
    }

    /** The gateway's own copy. */
    Path copy() {
        return Path.of(data, "policy.git");
    }

    /** @throws IllegalArgumentException where it is no time such as PT1M, or shorter than a second */
    Duration interval() {
        try {
            Duration between = Duration.parse(interval);
            if (between.compareTo(SHORTEST) < 0) {
                throw new IllegalArgumentException("countersign.policy.git.interval is at least PT1S");
            }
            return between;
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "countersign.policy.git.interval is a time such as PT1M, not " + interval, e);
        }
    }

    /** Whether operators say that the repository's server takes nobody's commits under another's name. */
    boolean vouchesForAuthors() {
        return authors.equals("verified");
    }
}
