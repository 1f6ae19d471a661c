package io.countersign.revision.boundary;

import io.countersign.policy.Author;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** How this deployment lets its policy change; whatever is not understood asks for four eyes. */
@ApplicationScoped
public class PolicySettings {

    @Inject
    @ConfigProperty(name = "countersign.policy.changes", defaultValue = "approved")
    private String changes;

    @Inject
    @ConfigProperty(name = "countersign.policy.bootstrap", defaultValue = "code")
    private String bootstrap;

    @Inject
    @ConfigProperty(name = "countersign.policy.author")
    private Optional<String> author;

    @Inject
    @ConfigProperty(name = "countersign.console.url", defaultValue = "http://localhost:8080/")
    private String console;

    /** Whether the folder counts as it is, without anybody's approval: for demo and tests only. */
    public boolean immediate() {
        return changes.equals("immediate");
    }

    /** Whether the first revision is the folder's without a code: for demo and tests only. */
    public boolean trustsFirstFolder() {
        return immediate() || bootstrap.equals("folder");
    }

    /** Who keeps the folder. */
    public Author author() {
        return author.<Author>map(Author.Named::new).orElseGet(Author.Unknown::new);
    }

    public String console() {
        return console.endsWith("/") ? console : console + "/";
    }
}
