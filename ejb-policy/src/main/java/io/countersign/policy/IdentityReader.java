package io.countersign.policy;

import io.countersign.identity.Agents;
import io.countersign.identity.Issuer;
import io.countersign.identity.People;
import io.countersign.identity.Person;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads who is known: issuers, agents, persons with several accounts, and what groups may do in the console. */
final class IdentityReader {

    private final Values values;
    private final Map<String, Issuer> issuers = new LinkedHashMap<>();
    private final List<Agents.Agent> agents = new ArrayList<>();
    private final List<Person> persons = new ArrayList<>();
    private final Map<Role, Set<String>> roles = new EnumMap<>(Role.class);

    IdentityReader(Values values) {
        this.values = values;
    }

    List<Issuer> issuers() {
        return List.copyOf(issuers.values());
    }

    People people() {
        return new People(persons, new Agents(agents));
    }

    Map<Role, Set<String>> roles() {
        return Map.copyOf(roles);
    }

    void issuer(Yaml.Fields fields) {
        fields.only("name", "issuer", "jwks", "audience", "clock-skew", "development", "groups-claim", "name-claim");
        Optional<String> name = fields.required("name").map(Yaml.Text::value);
        Optional<String> issuer = values.resolved(fields.required("issuer"));
        boolean development = Values.flag(fields, "development", false);
        Optional<URI> jwks = fields.required("jwks").flatMap(text -> text.as(value -> keys(value, development)));
        Optional<String> audience = values.resolved(fields.required("audience"));
        Duration skew = Values.duration(fields, "clock-skew", Duration.ofSeconds(30), Duration.ofMinutes(5));
        if (name.isPresent() && issuer.isPresent() && jwks.isPresent() && audience.isPresent()) {
            Issuer read = new Issuer(
                    name.get(),
                    issuer.get(),
                    jwks.get(),
                    audience.get(),
                    skew,
                    development,
                    fields.text("groups-claim").map(Yaml.Text::value).orElse("groups"),
                    fields.text("name-claim").map(Yaml.Text::value).orElse("preferred_username"));
            Values.unique(fields, "issuer", issuers.putIfAbsent(read.name(), read), read.name());
            if (!read.issuer().contains(Values.UNKNOWN)
                    && issuers.values().stream()
                                    .filter(each -> each.issuer().equals(read.issuer()))
                                    .count()
                            > 1) {
                fields.problem("two issuers have the address " + read.issuer());
            }
        }
    }

    private URI keys(String text, boolean development) {
        String address = values.resolve(text);
        if (address.contains(Values.UNKNOWN)) {
            return URI.create("https://unknown.invalid/");
        }
        URI read = URI.create(address);
        if (read.getHost() == null || !("https".equals(read.getScheme()) || "http".equals(read.getScheme()))) {
            throw new IllegalArgumentException("'jwks' must be an address such as https://login.example.com/certs");
        }
        if (!development && !"https".equals(read.getScheme())) {
            throw new IllegalArgumentException("keys must come by https, or whoever stands between can sign as anybody"
                    + " (only a development issuer may use http)");
        }
        return read;
    }

    void agent(Yaml.Fields fields) {
        fields.only("name", "subject", "client-id", "claim", "issuer", "owners", "groups");
        Optional<Yaml.Text> by = fields.text("issuer");
        Optional<Issuer> issuer = by.flatMap(this::issuerNamed);
        sign(fields)
                .ifPresent(sign -> agents.add(new Agents.Agent(
                        issuer.map(Issuer::issuer),
                        sign,
                        fields.text("name").map(Yaml.Text::value),
                        Values.texts(fields, "owners"),
                        Values.texts(fields, "groups"))));
    }

    private Optional<Agents.Sign> sign(Yaml.Fields fields) {
        long signs =
                Stream.of("subject", "client-id", "claim").filter(fields::has).count();
        if (signs != 1) {
            fields.problem("an agent is told by one of 'subject', 'client-id' and 'claim'");
            return Optional.empty();
        }
        if (fields.has("claim")) {
            return fields.map("claim").flatMap(claim -> {
                claim.only("name", "value");
                Optional<String> name = claim.required("name").map(Yaml.Text::value);
                Optional<String> value = claim.required("value").map(Yaml.Text::value);
                return name.flatMap(known -> value.map(wanted -> new Agents.Sign.Claim(known, wanted)));
            });
        }
        return fields.has("subject")
                ? fields.text("subject").map(glob -> new Agents.Sign.Subject(new Glob(glob.value())::matches))
                : fields.text("client-id").map(client -> new Agents.Sign.Client(client.value()));
    }

    void person(Yaml.Fields fields) {
        fields.only("id", "accounts", "emails");
        Set<Person.Account> accounts = new HashSet<>();
        for (Yaml.Fields account : fields.maps("accounts")) {
            account.only("issuer", "subject");
            Optional<Issuer> issuer = account.required("issuer").flatMap(this::issuerNamed);
            account.required("subject")
                    .ifPresent(subject ->
                            issuer.ifPresent(by -> accounts.add(new Person.Account(by.issuer(), subject.value()))));
        }
        Set<String> emails = new HashSet<>();
        fields.texts("emails").forEach(email -> emails.add(email.value().toLowerCase(Locale.ROOT)));
        if (accounts.isEmpty() && emails.isEmpty()) {
            fields.problem("a person needs 'accounts' or 'emails'");
        }
        for (Person other : persons) {
            if (!Collections.disjoint(other.accounts(), accounts) || !Collections.disjoint(other.emails(), emails)) {
                fields.problem("an account or address of this person is " + other.id() + "'s already");
            }
        }
        fields.required("id").map(Yaml.Text::value).ifPresent(id -> {
            if (persons.stream().anyMatch(other -> other.id().equals(id))) {
                fields.problem("there are two of person " + id);
            }
            persons.add(new Person(id, accounts, emails));
        });
    }

    private Optional<Issuer> issuerNamed(Yaml.Text name) {
        Issuer issuer = issuers.get(name.value());
        if (issuer == null) {
            name.problem("there is no issuer named " + name.value());
        }
        return Optional.ofNullable(issuer);
    }

    void roles(Yaml.Fields fields) {
        fields.only("requester", "approver", "auditor", "administrator");
        for (Role role : Role.values()) {
            String key = role.name().toLowerCase(Locale.ROOT);
            roles.computeIfAbsent(role, each -> new HashSet<>()).addAll(Values.texts(fields, key));
        }
    }
}
