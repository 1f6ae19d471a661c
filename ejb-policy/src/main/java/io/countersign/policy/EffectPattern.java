package io.countersign.policy;

import io.countersign.api.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which effects a rule speaks of: {@code ACTION [on KIND [NAME]]}, for example {@code sql:select on table public.*}.
 *
 * <p>{@code *} stands for anything within an action or one part of a name, {@code **} for any number of parts, none
 * included. Parts are separated by dots; a part in double quotes is taken as it is. Without {@code on …} every resource is
 * meant, without a name every resource of the kind.
 */
final class EffectPattern {

    private final Glob action;
    private final String actionText;
    private final Glob kind;
    private final List<Part> path;

    private sealed interface Part {
        record AnyParts() implements Part {}

        record One(Glob glob) implements Part {}

        record Exact(String name) implements Part {}
    }

    private static final Part ANY_PARTS = new Part.AnyParts();

    private EffectPattern(String actionText, Glob kind, List<Part> path) {
        this.action = new Glob(actionText);
        this.actionText = actionText;
        this.kind = kind;
        this.path = path;
    }

    /** @throws IllegalArgumentException with words for the policy's author */
    static EffectPattern parse(String text) {
        String[] words = text.strip().split("\\s+", 4);
        if (!words[0].matches("[A-Za-z0-9*]+(:[A-Za-z0-9*-]+)?")) {
            throw new IllegalArgumentException("'" + words[0] + "' is no action: write it as in sql:select");
        }
        if (words.length == 1) {
            return new EffectPattern(words[0], new Glob("*"), List.of(ANY_PARTS));
        }
        if (!words[1].equals("on") || words.length == 2) {
            throw new IllegalArgumentException(
                    "after the action comes 'on', a kind and a name: " + words[0] + " on table public.orders");
        }
        return new EffectPattern(words[0], new Glob(words[2]), words.length == 3 ? List.of(ANY_PARTS) : path(words[3]));
    }

    /** The action, where it is a plain word and not a pattern; rules are found by it. */
    boolean namesAction() {
        return actionText.indexOf('*') < 0;
    }

    String action() {
        return actionText;
    }

    /** The last part of every name that it means, where that is one and the same; rules are found by it. */
    Optional<String> lastName() {
        return switch (path.getLast()) {
            case Part.AnyParts any -> Optional.empty();
            case Part.Exact(String exact) -> Optional.of(exact);
            case Part.One(Glob glob) ->
                glob.pattern().indexOf('*') < 0 ? Optional.of(glob.pattern()) : Optional.empty();
        };
    }

    /** As it may be written: {@code sql:select on table public.*}. */
    String described() {
        String name = path.stream()
                .map(part -> switch (part) {
                    case Part.AnyParts any -> "**";
                    case Part.One(Glob glob) -> glob.pattern();
                    case Part.Exact(String exact) -> '"' + exact.replace("\"", "\"\"") + '"';
                })
                .collect(Collectors.joining("."));
        return path.equals(List.of(ANY_PARTS))
                ? kind.pattern().equals("*") ? actionText : actionText + " on " + kind.pattern()
                : actionText + " on " + kind.pattern() + " " + name;
    }

    boolean matches(Effect effect) {
        return action.matches(effect.action())
                && kind.matches(effect.resource().kind())
                && matches(path, 0, effect.resource().path(), 0);
    }

    /** Whether it speaks of some resource of the kind with such a name, its parts joined by dots. */
    boolean maySpeakOf(String ofKind, Glob name) {
        String joined = path.stream()
                .map(part -> switch (part) {
                    case Part.AnyParts any -> "*";
                    case Part.One(Glob glob) -> glob.pattern();
                    case Part.Exact(String exact) -> exact;
                })
                .collect(Collectors.joining("."));
        return kind.matches(ofKind) && (path.contains(ANY_PARTS) || new Glob(joined).meets(name));
    }

    /** Whether every effect of which the other speaks is one of which this speaks; where that is not plain, no. */
    boolean covers(EffectPattern other) {
        return covers(action, other.action) && covers(kind, other.kind) && covers(path, other.path);
    }

    private static boolean covers(List<Part> wide, List<Part> narrow) {
        if (wide.equals(List.of(ANY_PARTS))) {
            return true;
        }
        if (wide.size() != narrow.size()) {
            return false;
        }
        for (int i = 0; i < wide.size(); i++) {
            boolean covered = wide.get(i).equals(narrow.get(i))
                    || wide.get(i) instanceof Part.One(Glob glob)
                            && switch (narrow.get(i)) {
                                case Part.AnyParts any -> false;
                                case Part.Exact(String name) -> glob.matches(name);
                                case Part.One(Glob inner) -> covers(glob, inner);
                            };
            if (!covered) {
                return false;
            }
        }
        return true;
    }

    /** A pattern with a star is covered by an equal one and by {@code *} only: more would need proof. */
    static boolean covers(Glob wide, Glob narrow) {
        return wide.pattern().equals("*")
                || wide.equals(narrow)
                || narrow.pattern().indexOf('*') < 0 && wide.matches(narrow.pattern());
    }

    /** Whether the pattern, from one of its parts on, matches the path, from one of its parts on. */
    private static boolean matches(List<Part> pattern, int at, List<String> path, int from) {
        if (at == pattern.size()) {
            return from == path.size();
        }
        return switch (pattern.get(at)) {
            case Part.AnyParts any -> {
                for (int rest = from; rest <= path.size(); rest++) {
                    if (matches(pattern, at + 1, path, rest)) {
                        yield true;
                    }
                }
                yield false;
            }
            case Part.Exact exact ->
                from < path.size() && exact.name().equals(path.get(from)) && matches(pattern, at + 1, path, from + 1);
            case Part.One one ->
                from < path.size() && one.glob().matches(path.get(from)) && matches(pattern, at + 1, path, from + 1);
        };
    }

    private static List<Part> path(String text) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at <= text.length()) {
            int end;
            if (at < text.length() && text.charAt(at) == '"') {
                StringBuilder quoted = new StringBuilder();
                end = at + 1;
                while (true) {
                    if (end >= text.length()) {
                        throw new IllegalArgumentException("a quote is not closed in: " + text);
                    }
                    char c = text.charAt(end++);
                    if (c != '"') {
                        quoted.append(c);
                    } else if (end < text.length() && text.charAt(end) == '"') {
                        quoted.append('"');
                        end++;
                    } else {
                        break;
                    }
                }
                if (end < text.length() && text.charAt(end) != '.') {
                    throw new IllegalArgumentException("a dot must follow the quoted part in: " + text);
                }
                parts.add(new Part.Exact(quoted.toString()));
            } else {
                end = text.indexOf('.', at);
                end = end < 0 ? text.length() : end;
                String part = text.substring(at, end);
                if (part.isEmpty()) {
                    throw new IllegalArgumentException("a part of the name is empty in: " + text);
                }
                parts.add(part.equals("**") ? ANY_PARTS : new Part.One(new Glob(part)));
            }
            at = end + 1;
        }
        if (parts.size() > 8) {
            throw new IllegalArgumentException("a name has at most 8 parts: " + text);
        }
        return List.copyOf(parts);
    }
}
