package io.countersign.identity;

import io.countersign.api.Claims;
import io.countersign.api.Identity;
import io.countersign.api.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Accounts in a file, for the demo and for small installations: YAML with {@code issuer}, the issuer whose subjects these
 * names are (so that a person is the same account by token and by password), and {@code accounts}, each with
 * {@code name}, {@code password} (see {@link PasswordHash}), {@code groups} and, if there is one, {@code email}, which
 * counts as verified.
 */
public final class FileAccounts {

    private static final int MOST_BYTES = 1 << 20;

    private record Account(Identity identity, PasswordHash password) {}

    private final Map<String, Account> accounts;

    /** Compared with where nobody has the name. One of the file's own, so that the answer takes as long and tells nothing. */
    private final PasswordHash nobody;

    private FileAccounts(Map<String, Account> accounts) {
        this.accounts = accounts;
        this.nobody = accounts.values().stream()
                .findFirst()
                .map(Account::password)
                .orElseGet(() -> PasswordHash.of(Secret.of("nobody has this password")));
    }

    /** @throws IllegalArgumentException if the file is not as described above, naming what is wrong */
    public static FileAccounts load(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IllegalArgumentException(file + " is larger than " + MOST_BYTES + " bytes");
            }
            Object read = new Load(
                            LoadSettings.builder().setLabel(file.toString()).build())
                    .loadFromString(Files.readString(file));
            if (!(read instanceof Map<?, ?> root)
                    || !(root.get("issuer") instanceof String issuer)
                    || !(root.get("accounts") instanceof List<?> list)) {
                throw new IllegalArgumentException(file + " must have 'issuer' and a list 'accounts'");
            }
            Map<String, Account> accounts = new HashMap<>();
            for (Object each : list) {
                Account account = account(file, issuer, each);
                if (accounts.put(account.identity.subject(), account) != null) {
                    throw new IllegalArgumentException(file + " has two accounts named " + account.identity.subject());
                }
            }
            return new FileAccounts(Map.copyOf(accounts));
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(file + " is not YAML: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("the accounts file " + file + " cannot be read", e);
        }
    }

    /** Who this is; empty where name and password do not belong together. Takes about as long either way. */
    public Optional<Identity> signIn(String name, Secret password) {
        Account account = accounts.get(name);
        boolean right = (account == null ? nobody : account.password).matches(password);
        return account != null && right ? Optional.of(account.identity) : Optional.empty();
    }

    /** Everybody whom the file knows, for checks of the policy against them. */
    public List<Identity> identities() {
        return accounts.values().stream().map(Account::identity).toList();
    }

    private static Account account(Path file, String issuer, Object entry) {
        if (!(entry instanceof Map<?, ?> fields)
                || !(fields.get("name") instanceof String name)
                || !(fields.get("password") instanceof String password)
                || !(fields.get("groups") instanceof List<?> listed)) {
            throw new IllegalArgumentException(file + " has an account without 'name', 'password' or a list 'groups'");
        }
        Set<String> groups = new HashSet<>();
        for (Object group : listed) {
            groups.add(String.valueOf(group));
        }
        Optional<String> email = Optional.ofNullable(fields.get("email"))
                .map(address -> String.valueOf(address).strip().toLowerCase(Locale.ROOT));
        return new Account(
                new Identity(
                        issuer,
                        name,
                        name,
                        groups,
                        Identity.Kind.PERSON,
                        new Claims(email, Optional.empty(), Map.of())),
                PasswordHash.parse(password));
    }
}
