package io.countersign.policy;

import io.countersign.api.Digest;
import io.countersign.api.Mask;
import io.countersign.api.Secret;
import io.countersign.api.Target;
import io.countersign.identity.Issuer;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.Decision.Terms;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a policy folder: every {@code *.yaml} in it may hold any of the top keys, lists of several files are joined.
 * Collects every problem before it gives up.
 */
final class PolicyReader {

    private static final int MOST_FILES = 100;
    private static final long MOST_BYTES = 1 << 20;
    private static final Duration LONGEST_WAIT = Duration.ofDays(30);

    /** Stands for what only the deployment knows, while a folder is checked elsewhere. In no name: a private-use character. */
    private static final String UNKNOWN = "\uE000";

    private final UnaryOperator<@Nullable String> variables;
    private final boolean deployed;
    private final List<Problem> problems = new ArrayList<>();

    private final Map<String, Mask> masks = new LinkedHashMap<>();
    private final Map<String, Set<String>> approvers = new HashMap<>();
    private final Map<Role, Set<String>> roles = new EnumMap<>(Role.class);
    private final Map<String, Set<String>> carriers = new LinkedHashMap<>();
    private final Map<String, Issuer> issuers = new LinkedHashMap<>();
    private final Map<String, Target> targets = new LinkedHashMap<>();
    private final List<Policy.Agent> agents = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();
    private Policy.@Nullable SessionLimits sessions;

    private PolicyReader(UnaryOperator<@Nullable String> variables, boolean deployed) {
        this.variables = variables;
        this.deployed = deployed;
    }

    static Policy read(Path folder, UnaryOperator<@Nullable String> variables) throws PolicyException {
        return new PolicyReader(variables, true).folder(folder);
    }

    /** Reads it where it is not deployed: variables, environment and password files may be missing. */
    static Policy check(Path folder) throws PolicyException {
        return new PolicyReader(name -> null, false).folder(folder);
    }

    private Policy folder(Path folder) throws PolicyException {
        List<Policy.SourceFile> files = files(folder);
        List<Yaml.Fields> roots = new ArrayList<>();
        for (Policy.SourceFile file : files) {
            Yaml.read(file.name(), file.text(), problems).ifPresent(roots::add);
        }
        for (Yaml.Fields root : roots) {
            root.only("issuers", "agents", "targets", "approvers", "roles", "masks", "duties", "sessions");
        }
        // What others refer to comes first, whatever file it stands in.
        roots.forEach(root -> root.maps("issuers").forEach(this::issuer));
        roots.forEach(root -> root.maps("agents").forEach(this::agent));
        roots.forEach(root -> root.maps("targets").forEach(this::target));
        roots.forEach(root -> root.maps("approvers").forEach(this::approvers));
        roots.forEach(root -> root.maps("masks").forEach(this::mask));
        roots.forEach(root -> root.map("roles").ifPresent(this::roles));
        roots.forEach(root -> root.map("sessions").ifPresent(this::sessions));
        roots.forEach(root -> root.maps("duties").forEach(this::duty));
        if (!problems.isEmpty()) {
            throw new PolicyException(problems);
        }
        return new Policy(new Policy.Parts(
                revision(files),
                files,
                List.copyOf(issuers.values()),
                List.copyOf(agents),
                List.copyOf(targets.values()),
                Map.copyOf(roles),
                Map.copyOf(carriers),
                List.copyOf(rules),
                sessions == null ? new Policy.SessionLimits(true, 20, 500) : sessions));
    }

    private List<Policy.SourceFile> files(Path folder) throws PolicyException {
        List<Policy.SourceFile> files = new ArrayList<>();
        try (Stream<Path> listed = Files.list(folder)) {
            List<Path> yaml = listed.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().matches("[^.].*\\.ya?ml"))
                    .sorted()
                    .toList();
            if (yaml.isEmpty() || yaml.size() > MOST_FILES) {
                throw folderProblem(
                        folder + " must hold 1 to " + MOST_FILES + " files named *.yaml, not " + yaml.size());
            }
            for (Path file : yaml) {
                String name = file.getFileName().toString();
                if (Files.size(file) > MOST_BYTES) {
                    throw folderProblem(name + " is larger than " + MOST_BYTES + " bytes");
                }
                files.add(new Policy.SourceFile(name, Files.readString(file, StandardCharsets.UTF_8)));
            }
        } catch (CharacterCodingException e) {
            throw folderProblem("a file in " + folder + " is not UTF-8");
        } catch (IOException e) {
            throw folderProblem(folder + " cannot be read: " + e);
        }
        return files;
    }

    private static PolicyException folderProblem(String message) {
        return new PolicyException(List.of(new Problem("", 0, 0, message)));
    }

    private static String revision(List<Policy.SourceFile> files) {
        var digest = Digest.over().length(files.size());
        files.forEach(file -> digest.field(file.name()).field(file.text()));
        return digest.done().toString();
    }

    private void issuer(Yaml.Fields fields) {
        fields.only("name", "issuer", "jwks", "audience", "clock-skew", "development", "groups-claim", "name-claim");
        Optional<String> name = fields.required("name").map(Yaml.Text::value);
        Optional<String> issuer = resolved(fields.required("issuer"));
        boolean development = flag(fields, "development", false);
        Optional<URI> jwks = fields.required("jwks").flatMap(text -> text.as(value -> keys(value, development)));
        Optional<String> audience = resolved(fields.required("audience"));
        Duration skew = duration(fields, "clock-skew", Duration.ofSeconds(30), Duration.ofMinutes(5));
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
            unique(fields, "issuer", issuers.putIfAbsent(read.name(), read), read.name());
            if (!read.issuer().contains(UNKNOWN)
                    && issuers.values().stream()
                                    .filter(each -> each.issuer().equals(read.issuer()))
                                    .count()
                            > 1) {
                fields.problem("two issuers have the address " + read.issuer());
            }
        }
    }

    private URI keys(String text, boolean development) {
        String address = resolve(text);
        if (address.contains(UNKNOWN)) {
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

    private void agent(Yaml.Fields fields) {
        fields.only("name", "subject", "issuer", "owners");
        Optional<String> subject = fields.required("subject").map(Yaml.Text::value);
        Optional<Yaml.Text> by = fields.text("issuer");
        Optional<Issuer> issuer = by.flatMap(text -> Optional.ofNullable(issuers.get(text.value())));
        if (by.isPresent() && issuer.isEmpty()) {
            by.get().problem("there is no issuer named " + by.get().value());
        }
        subject.ifPresent(glob -> agents.add(
                new Policy.Agent(issuer.map(Issuer::issuer), new Glob(glob), Set.copyOf(texts(fields, "owners")))));
    }

    private void target(Yaml.Fields fields) {
        fields.only("name", "protocol", "host", "port", "database", "user", "password", "tls", "trust");
        Optional<String> name = fields.required("name").map(Yaml.Text::value);
        Optional<Yaml.Text> protocol = fields.required("protocol");
        protocol.filter(text -> !text.value().equals("postgres"))
                .ifPresent(text -> text.problem("the protocol '" + text.value() + "' is not known; known is postgres"));
        Optional<String> host = resolved(fields.required("host"));
        Optional<Integer> port = number(fields, "port", 1, 65_535);
        Optional<String> user = resolved(fields.required("user"));
        Optional<Secret> password = password(fields);
        Optional<Target.Tls> tls =
                choice(fields.required("tls"), Map.of("off", Target.Tls.OFF, "verify-full", Target.Tls.VERIFY_FULL));
        if (name.isPresent()
                && protocol.isPresent()
                && host.isPresent()
                && port.isPresent()
                && user.isPresent()
                && password.isPresent()
                && tls.isPresent()) {
            Target read = new Target(
                    name.get(),
                    protocol.get().value(),
                    host.get(),
                    port.get(),
                    resolved(fields.text("database")).orElse(name.get()),
                    user.get(),
                    password.get(),
                    tls.get(),
                    fields.text("trust").flatMap(text -> text.as(value -> Path.of(resolve(value)))));
            unique(fields, "target", targets.putIfAbsent(read.protocol() + " " + read.name(), read), read.name());
        }
    }

    /**
     * Written as a variable, or kept elsewhere: {@code {file: path}}, {@code {env: NAME}}. Never in the file itself, which
     * is in version control and is shown in the console.
     */
    private Optional<Secret> password(Yaml.Fields fields) {
        if (!fields.isMap("password")) {
            return fields.required("password")
                    .flatMap(text -> text.as(value -> {
                        if (!Variables.only(value)) {
                            throw new IllegalArgumentException(
                                    "a password never stands in a policy file: write ${name}, {file: path} or {env: NAME}");
                        }
                        return Secret.of(resolve(value));
                    }));
        }
        Yaml.Fields where = fields.map("password").orElseThrow().only("file", "env");
        Optional<Yaml.Text> file = where.text("file");
        if (file.isPresent()) {
            return file.get().as(path -> {
                try {
                    Path place = Path.of(resolve(path));
                    return Secret.of(deployed ? Files.readString(place).strip() : UNKNOWN);
                } catch (IOException e) {
                    throw new IllegalArgumentException("the password file cannot be read: " + e.getMessage(), e);
                }
            });
        }
        Optional<Yaml.Text> env = where.text("env");
        if (env.isEmpty()) {
            where.problem("a password comes from 'file' or 'env'");
        }
        return env.flatMap(name -> name.as(variable -> {
            String value = deployed ? variables.apply(variable) : UNKNOWN;
            if (value == null) {
                throw new IllegalArgumentException("the variable " + variable + " is not set");
            }
            return Secret.of(value);
        }));
    }

    private void approvers(Yaml.Fields fields) {
        fields.only("name", "groups");
        Set<String> groups = texts(fields, "groups");
        if (groups.isEmpty()) {
            fields.problem("an approver group needs 'groups' with at least one group");
        }
        fields.required("name")
                .map(Yaml.Text::value)
                .ifPresent(name -> unique(fields, "approver group", approvers.putIfAbsent(name, groups), name));
    }

    private void roles(Yaml.Fields fields) {
        fields.only("requester", "approver", "auditor", "administrator");
        for (Role role : Role.values()) {
            String key = role.name().toLowerCase(Locale.ROOT);
            roles.computeIfAbsent(role, each -> new HashSet<>()).addAll(texts(fields, key));
        }
    }

    private void sessions(Yaml.Fields fields) {
        fields.only("end-with-token", "per-identity", "total");
        if (sessions != null) {
            fields.problem("'sessions' stands in two files");
        }
        sessions = new Policy.SessionLimits(
                flag(fields, "end-with-token", true),
                fields.has("per-identity")
                        ? number(fields, "per-identity", 1, 100_000).orElse(20)
                        : 20,
                fields.has("total") ? number(fields, "total", 1, 1_000_000).orElse(500) : 500);
    }

    private void mask(Yaml.Fields fields) {
        fields.only("name", "column", "table", "detect", "way");
        Optional<String> name = fields.required("name").map(Yaml.Text::value);
        Optional<Mask.Way> way = choice(
                fields.required("way"),
                Map.of("redact", Mask.Way.REDACT, "keep-last-4", Mask.Way.KEEP_LAST_4, "null", Mask.Way.NULL));
        Optional<Mask.Selector> selector;
        if (fields.has("column") == fields.has("detect")) {
            fields.problem("a mask selects by 'column' (and 'table') or by 'detect'");
            return;
        } else if (fields.has("column")) {
            String table = fields.text("table").map(Yaml.Text::value).orElse("**");
            selector = fields.text("column").map(column -> new Mask.Selector.Column(table, column.value()));
        } else {
            if (fields.has("table")) {
                fields.problem("'table' goes with 'column': what is detected is hidden wherever it stands");
            }
            if (fields.texts("detect").isEmpty()) {
                fields.problem("'detect' lists nothing, so this mask would hide nothing");
            }
            Set<Mask.Detector> detectors = new HashSet<>();
            for (Yaml.Text text : fields.texts("detect")) {
                choice(
                                Optional.of(text),
                                Map.of("payment-card", Mask.Detector.PAYMENT_CARD, "email", Mask.Detector.EMAIL))
                        .ifPresent(detectors::add);
            }
            selector = Optional.of(new Mask.Selector.Detected(detectors));
        }
        if (name.isPresent() && way.isPresent() && selector.isPresent()) {
            unique(
                    fields,
                    "mask",
                    masks.putIfAbsent(name.get(), new Mask(name.get(), selector.get(), way.get())),
                    name.get());
        }
    }

    private void duty(Yaml.Fields fields) {
        fields.only("name", "carried-by", "masks", "rules");
        Optional<String> name = fields.required("name").map(Yaml.Text::value);
        Set<String> groups = texts(fields, "carried-by");
        if (groups.isEmpty()) {
            fields.problem("a duty needs 'carried-by' with at least one group");
        }
        List<Mask> all = masksOf(fields);
        name.ifPresent(duty -> {
            unique(fields, "duty", carriers.putIfAbsent(duty, groups), duty);
            List<Yaml.Fields> listed = fields.maps("rules");
            if (listed.isEmpty()) {
                fields.problem("a duty needs 'rules' with at least one rule");
            }
            for (Yaml.Fields rule : listed) {
                rule(duty, all, rule).ifPresent(read -> {
                    if (rules.stream().anyMatch(other -> other.name().equals(read.name()))) {
                        rule.problem("there are two of rule " + read.name() + ": reasons would not tell which");
                    }
                    rules.add(read);
                });
            }
        });
    }

    private Optional<Rule> rule(String duty, List<Mask> ofDuty, Yaml.Fields fields) {
        fields.only(
                "name",
                "targets",
                "effects",
                "when",
                "decision",
                "reason",
                "approvers",
                "quorum",
                "within",
                "masks",
                "limit-rows");
        Optional<String> name = fields.required("name").map(Yaml.Text::value);
        Optional<Ruling> ruling = choice(
                fields.required("decision"),
                Map.of("permit", Ruling.PERMIT, "hold", Ruling.HOLD, "refuse", Ruling.REFUSE));
        List<EffectPattern> effects = new ArrayList<>();
        fields.texts("effects").forEach(text -> text.as(EffectPattern::parse).ifPresent(effects::add));
        if (effects.isEmpty()) {
            fields.problem("a rule needs 'effects' with at least one pattern");
        }
        List<Mask> all = new ArrayList<>(ofDuty);
        all.addAll(masksOf(fields));
        Optional<String> words = fields.text("reason").map(Yaml.Text::value);
        if (words.isEmpty() && ruling.isPresent() && ruling.get() != Ruling.PERMIT) {
            fields.problem("a rule that holds or refuses needs 'reason': people will read it");
        }
        Optional<Terms> terms = terms(name.orElse(""), ruling, fields);
        OptionalLong rows = fields.has("limit-rows")
                ? number(fields, "limit-rows", 1, Integer.MAX_VALUE)
                        .map(OptionalLong::of)
                        .orElse(OptionalLong.empty())
                : OptionalLong.empty();
        Optional<Condition> condition = fields.text("when").flatMap(PolicyReader::condition);
        if (name.isEmpty() || ruling.isEmpty() || fields.has("when") && condition.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Rule(
                duty,
                name.get(),
                fields.file(),
                fields.line(),
                targetsOf(fields),
                effects,
                condition,
                ruling.get(),
                words.orElse("Permitted by duty " + duty + "."),
                terms,
                all,
                rows));
    }

    private Optional<Terms> terms(String rule, Optional<Ruling> ruling, Yaml.Fields fields) {
        boolean holds = ruling.isPresent() && ruling.get() == Ruling.HOLD;
        for (String key : List.of("approvers", "quorum", "within")) {
            if (fields.has(key) && ruling.isPresent() && !holds) {
                fields.problem("'" + key + "' goes with 'decision: hold' only");
            }
        }
        if (!holds) {
            return Optional.empty();
        }
        Set<String> groups = new HashSet<>();
        for (Yaml.Text named : fields.texts("approvers")) {
            Set<String> known = approvers.get(named.value());
            if (known == null) {
                named.problem("there is no approver group named " + named.value());
            } else {
                groups.addAll(known);
            }
        }
        if (fields.texts("approvers").isEmpty()) {
            fields.problem("a rule that holds needs 'approvers', or nobody could ever approve");
        }
        int quorum = fields.has("quorum") ? number(fields, "quorum", 1, 100).orElse(1) : 1;
        return Optional.of(
                new Terms(rule, groups, quorum, duration(fields, "within", Duration.ofMinutes(15), LONGEST_WAIT)));
    }

    private List<Glob> targetsOf(Yaml.Fields fields) {
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

    private List<Mask> masksOf(Yaml.Fields fields) {
        List<Mask> found = new ArrayList<>();
        for (Yaml.Text text : fields.texts("masks")) {
            Mask mask = masks.get(text.value());
            if (mask == null) {
                text.problem("there is no mask named " + text.value());
            } else {
                found.add(mask);
            }
        }
        return found;
    }

    private static Optional<Condition> condition(Yaml.Text text) {
        return switch (Condition.compile(text.value())) {
            case Condition.Compiled.Good good -> Optional.of(good.condition());
            case Condition.Compiled.Bad bad -> {
                bad.faults().forEach(fault -> text.problemAt(fault.line(), fault.column(), fault.message()));
                yield Optional.empty();
            }
        };
    }

    private static Set<String> texts(Yaml.Fields fields, String key) {
        Set<String> found = new HashSet<>();
        fields.texts(key).forEach(text -> found.add(text.value()));
        return found;
    }

    private Optional<String> resolved(Optional<Yaml.Text> text) {
        return text.flatMap(each -> each.as(this::resolve));
    }

    private String resolve(String text) {
        return Variables.resolve(text, variables, deployed ? null : UNKNOWN);
    }

    private Optional<Integer> number(Yaml.Fields fields, String key, int least, int most) {
        return fields.required(key)
                .flatMap(text -> text.as(value -> {
                    String digits = resolve(value);
                    if (digits.contains(UNKNOWN)) {
                        return least;
                    }
                    if (!digits.matches("\\d{1,9}")
                            || Integer.parseInt(digits) < least
                            || Integer.parseInt(digits) > most) {
                        throw new IllegalArgumentException(
                                "'" + key + "' must be a number from " + least + " to " + most);
                    }
                    return Integer.valueOf(digits);
                }));
    }

    /** Written as {@code 90s}, {@code 15m}, {@code 2h}, {@code 1d}. */
    private static Duration duration(Yaml.Fields fields, String key, Duration otherwise, Duration most) {
        return fields.text(key)
                .flatMap(text -> text.as(value -> {
                    if (!value.matches("\\d{1,6}[smhd]")) {
                        throw new IllegalArgumentException("'" + key + "' must be a time such as 90s, 15m, 2h or 1d");
                    }
                    long count = Long.parseLong(value.substring(0, value.length() - 1));
                    Duration read = switch (value.charAt(value.length() - 1)) {
                        case 's' -> Duration.ofSeconds(count);
                        case 'm' -> Duration.ofMinutes(count);
                        case 'h' -> Duration.ofHours(count);
                        default -> Duration.ofDays(count);
                    };
                    if (read.compareTo(most) > 0) {
                        throw new IllegalArgumentException("'" + key + "' is longer than it may be");
                    }
                    return read;
                }))
                .orElse(otherwise);
    }

    private static boolean flag(Yaml.Fields fields, String key, boolean otherwise) {
        return choice(fields.text(key), Map.of("true", true, "false", false)).orElse(otherwise);
    }

    private static <T> Optional<T> choice(Optional<Yaml.Text> text, Map<String, T> choices) {
        return text.flatMap(each -> each.as(value -> {
            T chosen = choices.get(value);
            if (chosen == null) {
                throw new IllegalArgumentException("'" + value + "' is not one of "
                        + String.join(", ", choices.keySet().stream().sorted().toList()));
            }
            return chosen;
        }));
    }

    private static void unique(Yaml.Fields fields, String what, @Nullable Object before, String name) {
        if (before != null) {
            fields.problem("there are two of " + what + " " + name);
        }
    }
}
