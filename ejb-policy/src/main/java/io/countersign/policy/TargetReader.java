package io.countersign.policy;

import io.countersign.api.Secret;
import io.countersign.api.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what is protected: targets, and how the gateway signs in to each. */
final class TargetReader {

    private final Values values;
    private final Map<String, Target> targets = new LinkedHashMap<>();

    TargetReader(Values values) {
        this.values = values;
    }

    List<Target> targets() {
        return List.copyOf(targets.values());
    }

    void target(Yaml.Fields fields) {
        fields.only("name", "protocol", "host", "port", "database", "user", "password", "tls", "trust");
        Optional<String> name = fields.required("name").map(Yaml.Text::value);
        Optional<Yaml.Text> protocol = fields.required("protocol");
        protocol.filter(text -> !text.value().equals("postgres"))
                .ifPresent(text -> text.problem("the protocol '" + text.value() + "' is not known; known is postgres"));
        Optional<String> host = values.resolved(fields.required("host"));
        Optional<Integer> port = values.number(fields, "port", 1, 65_535);
        Optional<String> user = values.resolved(fields.required("user"));
        Optional<Secret> password = password(fields);
        Optional<Target.Tls> tls = Values.choice(
                fields.required("tls"), Map.of("off", Target.Tls.OFF, "verify-full", Target.Tls.VERIFY_FULL));
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
                    values.resolved(fields.text("database")).orElse(name.get()),
                    user.get(),
                    password.get(),
                    tls.get(),
                    fields.text("trust").flatMap(text -> text.as(value -> Path.of(values.resolve(value)))));
            Values.unique(
                    fields, "target", targets.putIfAbsent(read.protocol() + " " + read.name(), read), read.name());
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
                        return Secret.of(values.resolve(value));
                    }));
        }
        Yaml.Fields where = fields.map("password").orElseThrow().only("file", "env");
        Optional<Yaml.Text> file = where.text("file");
        if (file.isPresent()) {
            return file.get().as(path -> {
                try {
                    Path place = Path.of(values.resolve(path));
                    return Secret.of(values.deployed() ? Files.readString(place).strip() : Values.UNKNOWN);
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
            String value = values.deployed() ? values.variables().apply(variable) : Values.UNKNOWN;
            if (value == null) {
                throw new IllegalArgumentException("the variable " + variable + " is not set");
            }
            return Secret.of(value);
        }));
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
