package io.countersign.security;

import io.countersign.api.Identity;
import io.countersign.api.Secret;
import io.countersign.identity.FileAccounts;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The accounts of a file as an identity store (Jakarta Security 3.0 §3.2), for demos and small installations. Without
 * {@code countersign.accounts.file} it knows nobody.
 */
@ApplicationScoped
public class FileAccountStore implements IdentityStore {

    private static final System.Logger LOG = System.getLogger(FileAccountStore.class.getName());

    private final SignInThrottle throttle = new SignInThrottle(Clock.systemUTC());

    @Inject
    @ConfigProperty(name = "countersign.accounts.file")
    private Optional<String> file;

    private Optional<FileAccounts> accounts = Optional.empty();

    @PostConstruct
    void load() {
        accounts = file.map(path -> FileAccounts.load(Path.of(path)));
    }

    public boolean isConfigured() {
        return file.isPresent();
    }

    public CredentialValidationResult validate(UsernamePasswordCredential credential) {
        String name = credential.getCaller();
        if (accounts.isEmpty()) {
            return CredentialValidationResult.NOT_VALIDATED_RESULT;
        }
        if (!throttle.attempt(name)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Too many failed sign-ins with the name {0}: it rests.",
                    printable(name));
            return CredentialValidationResult.INVALID_RESULT;
        }
        Optional<Identity> identity = accounts.get().signIn(name, Secret.of(credential.getPasswordAsString()));
        if (identity.isEmpty()) {
            LOG.log(System.Logger.Level.INFO, "A sign-in with the name {0} failed.", printable(name));
            return CredentialValidationResult.INVALID_RESULT;
        }
        throttle.succeeded(name);
        return new CredentialValidationResult(new FileAccountCaller(identity.get()), Set.of());
    }

    /** What strangers type cannot forge a line of the log (CWE-117). */
    private static String printable(String name) {
        String shown = name.replaceAll("[^\\p{Alnum}@._-]", "?");
        return shown.length() <= 64 ? shown : shown.substring(0, 64) + "…";
    }
}
