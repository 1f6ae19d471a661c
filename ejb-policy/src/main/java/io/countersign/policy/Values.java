package io.countersign.policy;

import io.countersign.api.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads single values of a policy file: texts with variables in them, numbers, times, words of a list. */
record Values(UnaryOperator<@Nullable String> variables, boolean deployed) {

    /** Stands for what only the deployment knows, while a folder is checked elsewhere. In no name: a private-use character. */
    static final String UNKNOWN = "\uE000";

    static Set<String> texts(Yaml.Fields fields, String key) {
        Set<String> found = new HashSet<>();
        fields.texts(key).forEach(text -> found.add(text.value()));
        return found;
    }

    Optional<String> resolved(Optional<Yaml.Text> text) {
        return text.flatMap(each -> each.as(this::resolve));
    }

    String resolve(String text) {
        return Variables.resolve(text, variables, deployed ? null : UNKNOWN);
    }

    Optional<Integer> number(Yaml.Fields fields, String key, int least, int most) {
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

    /**
     * Written as a variable, or kept elsewhere: {@code {file: path}}, {@code {env: NAME}}. Never in the file itself, which
     * is in version control and is shown in the console.
     */
    Optional<Secret> secret(Yaml.Fields fields, String key) {
        if (!fields.isMap(key)) {
            return fields.required(key)
                    .flatMap(text -> text.as(value -> {
                        if (!Variables.only(value)) {
                            throw new IllegalArgumentException("a " + key
                                    + " never stands in a policy file: write ${name}, {file: path} or {env: NAME}");
                        }
                        return Secret.of(resolve(value));
                    }));
        }
        Yaml.Fields where = fields.map(key).orElseThrow().only("file", "env");
        Optional<Yaml.Text> file = where.text("file");
        if (file.isPresent()) {
            return file.get().as(path -> {
                try {
                    Path place = Path.of(resolve(path));
                    return Secret.of(deployed ? Files.readString(place).strip() : UNKNOWN);
                } catch (IOException e) {
                    throw new IllegalArgumentException(
                            "the file of this " + key + " cannot be read: " + e.getMessage(), e);
                }
            });
        }
        Optional<Yaml.Text> env = where.text("env");
        if (env.isEmpty()) {
            where.problem("a " + key + " comes from 'file' or 'env'");
        }
        return env.flatMap(name -> name.as(variable -> {
            String value = deployed ? variables.apply(variable) : UNKNOWN;
            if (value == null) {
                throw new IllegalArgumentException("the variable " + variable + " is not set");
            }
            return Secret.of(value);
        }));
    }

    /** Written as {@code 90s}, {@code 15m}, {@code 2h}, {@code 1d}. */
    static Duration duration(Yaml.Fields fields, String key, Duration otherwise, Duration most) {
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

    static boolean flag(Yaml.Fields fields, String key, boolean otherwise) {
        return choice(fields.text(key), Map.of("true", true, "false", false)).orElse(otherwise);
    }

    static <T> Optional<T> choice(Optional<Yaml.Text> text, Map<String, T> choices) {
        return text.flatMap(each -> each.as(value -> {
            T chosen = choices.get(value);
            if (chosen == null) {
                throw new IllegalArgumentException("'" + value + "' is not one of "
                        + String.join(", ", choices.keySet().stream().sorted().toList()));
            }
            return chosen;
        }));
    }

    /** The names of an enum as policies write them: {@code KEEP_LAST_4} as {@code keep-last-4}. */
    static <E extends Enum<E>> Map<String, E> words(Class<E> choices) {
        return Stream.of(choices.getEnumConstants())
                .collect(Collectors.toMap(
                        each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'), each -> each));
    }

    static void unique(Yaml.Fields fields, String what, @Nullable Object before, String name) {
        if (before != null) {
            fields.problem("there are two of " + what + " " + name);
        }
    }
}
