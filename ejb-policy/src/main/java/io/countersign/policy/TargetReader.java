package io.countersign.policy;

import io.countersign.api.Secret;
import io.countersign.api.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what is protected: targets, and how the gateway signs in to each. */
final class TargetReader {

    private static final Duration CATALOGUE_REFRESH = Duration.ofMinutes(5);

    private final Values values;
    private final Map<String, Target> targets = new LinkedHashMap<>();
    private final Set<String> explained = new HashSet<>();
    private final Map<String, Duration> tickets = new HashMap<>();

    TargetReader(Values values) {
        this.values = values;
    }

    List<Target> targets() {
        return List.copyOf(targets.values());
    }

    /** Those that may be asked for the plan of a held command, by protocol and name. */
    Set<String> explained() {
        return Set.copyOf(explained);
    }

    /** How long each lets its tickets last, by protocol and name. */
    Map<String, Duration> tickets() {
        return Map.copyOf(tickets);
    }

    void target(Yaml.Fields fields) {
        fields.only(
                "name",
                "protocol",
                "host",
                "port",
                "database",
                "user",
                "password",
                "tls",
                "trust",
                "channel-binding",
                "certificate",
                "key",
                "explain",
                "catalogue",
                "tickets");
        Optional<String> name = fields.required("name").map(Yaml.Text::value);
        Optional<Yaml.Text> protocol = fields.required("protocol");
        protocol.filter(text -> !text.value().equals("postgres"))
                .ifPresent(text -> text.problem("the protocol '" + text.value() + "' is not known; known is postgres"));
        Optional<String> host = values.resolved(fields.required("host"));
        Optional<Integer> port = values.number(fields, "port", 1, 65_535);
        Optional<String> user = values.resolved(fields.required("user"));
        boolean byCertificate = fields.text("certificate").isPresent() && !fields.has("password");
        Optional<Secret> password = byCertificate ? Optional.empty() : values.secret(fields, "password");
        Optional<Target.Tls> tls = tls(fields, byCertificate);
        boolean explain = Values.flag(fields, "explain", false);
        Optional<Duration> catalogue = catalogue(fields);
        Duration longest = Values.duration(fields, "tickets", Ticketing.MOST, Ticketing.MOST);
        if (name.isPresent()
                && protocol.isPresent()
                && host.isPresent()
                && port.isPresent()
                && user.isPresent()
                && (password.isPresent() || byCertificate)
                && tls.isPresent()) {
            Target read = new Target(
                    name.get(),
                    protocol.get().value(),
                    host.get(),
                    port.get(),
                    values.resolved(fields.text("database")).orElse(name.get()),
                    user.get(),
                    password,
                    tls.get(),
                    catalogue);
            if (explain) {
                explained.add(read.protocol() + " " + read.name());
            }
            tickets.put(read.protocol() + " " + read.name(), longest);
            Values.unique(
                    fields, "target", targets.putIfAbsent(read.protocol() + " " + read.name(), read), read.name());
        }
    }

    /** How often the target is asked for it: {@code catalogue: true}, or {@code {refresh: 5m}}. */
    private static Optional<Duration> catalogue(Yaml.Fields fields) {
        if (!fields.isMap("catalogue")) {
            return Values.flag(fields, "catalogue", false) ? Optional.of(CATALOGUE_REFRESH) : Optional.empty();
        }
        Yaml.Fields set = fields.map("catalogue").orElseThrow().only("refresh");
        Duration refresh = Values.duration(set, "refresh", CATALOGUE_REFRESH, Duration.ofDays(1));
        if (refresh.isZero()) {
            set.problem("'refresh' must be at least 1s");
        }
        return Optional.of(refresh);
    }

    private Optional<Target.Tls> tls(Yaml.Fields fields, boolean byCertificate) {
        Optional<Yaml.Text> binding = fields.text("channel-binding");
        Target.ChannelBinding bind = Values.choice(binding, Values.words(Target.ChannelBinding.class))
                .orElse(Target.ChannelBinding.PREFER);
        if (byCertificate && bind == Target.ChannelBinding.REQUIRE) {
            fields.problem("'channel-binding: require' binds the proof of a password, and there is none");
        }
        Target.Tls verified = new Target.Tls.VerifyFull(path(fields, "trust"), bind, certificate(fields));
        Optional<Target.Tls> tls =
                Values.choice(fields.required("tls"), Map.of("off", new Target.Tls.Off(), "verify-full", verified));
        if (tls.filter(Target.Tls.Off.class::isInstance).isPresent()) {
            for (String key : List.of("channel-binding", "certificate", "key")) {
                fields.text(key).ifPresent(text -> text.problem("'" + key + "' goes with 'tls: verify-full' only"));
            }
        }
        return tls;
    }

    private Optional<Target.ClientCertificate> certificate(Yaml.Fields fields) {
        Optional<Path> chain = path(fields, "certificate");
        Optional<Path> key = path(fields, "key");
        if (chain.isPresent() != key.isPresent()) {
            fields.problem("'certificate' and 'key' go together: one file each, in PEM");
        }
        return chain.flatMap(certificate -> key.map(its -> new Target.ClientCertificate(certificate, its)));
    }

    private Optional<Path> path(Yaml.Fields fields, String key) {
        return fields.text(key).flatMap(text -> text.as(value -> Path.of(values.resolve(value))));
    }

    /** The patterns of a rule's {@code targets}; one that fits none is a problem. */
    List<Glob> named(Yaml.Fields fields) {
        List<Glob> globs = new ArrayList<>();
        for (Yaml.Text text : fields.texts("targets")) {
            Glob glob = new Glob(text.value());
            globs.add(glob);
            if (targets.values().stream().noneMatch(each -> glob.matches(each.name()))) {
                text.problem("there is no target named " + text.value());
            }
        }
        if (globs.isEmpty()) {
            fields.problem("a rule needs 'targets': names, or \"*\" for all");
        }
        return globs;
    }
}
