package io.countersign.identity.boundary;

import io.countersign.api.Identity;
import io.countersign.identity.FileAccounts;
import io.countersign.identity.Person;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Everybody whom this process knows by name: the accounts of the file, and whoever has signed in since it started. For
 * showing who could do something; whether somebody may is never decided here.
 */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Directory {

    private static final System.Logger LOG = System.getLogger(Directory.class.getName());

    private static final int MOST = 10_000;

    @Inject
    @ConfigProperty(name = "countersign.accounts.file")
    private Optional<String> file;

    private final Map<Person.Account, Identity> known =
            Collections.synchronizedMap(new LinkedHashMap<>(64, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Person.Account, Identity> eldest) {
                    return size() > MOST;
                }
            });

    @PostConstruct
    void load() {
        try {
            file.ifPresent(path -> FileAccounts.load(Path.of(path)).identities().forEach(this::met));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            LOG.log(Level.WARNING, "The accounts file is not readable, so its people are not shown anywhere", e);
        }
    }

    /** Somebody has signed in. */
    public void met(Identity identity) {
        known.put(new Person.Account(identity.issuer(), identity.subject()), identity);
    }

    /** Those in at least one of the groups, by name. */
    public List<Identity> membersOf(Set<String> groups) {
        synchronized (known) {
            return known.values().stream()
                    .filter(each -> !Collections.disjoint(each.groups(), groups))
                    .sorted(Comparator.comparing(Identity::name).thenComparing(Identity::issuer))
                    .toList();
        }
    }
}
