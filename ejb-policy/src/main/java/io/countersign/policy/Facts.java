package io.countersign.policy;

import io.countersign.api.Command;
import io.countersign.api.Effect;
import io.countersign.api.Identity;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What conditions ask of one command ({@link Condition#VARIABLES}): each thing is made when it is first asked for, and kept
 * for the next condition. Belongs to one decision, and so to one thread.
 */
final class Facts {

    private final Command command;
    private final Instant now;
    private final Map<String, Object> made = new HashMap<>();

    Facts(Command command, Instant now) {
        this.command = command;
        this.now = now;
    }

    /** Empty where there is no such variable. */
    Optional<Object> find(String name, Effect effect) {
        return Optional.ofNullable(
                name.startsWith("effect.") ? of(effect, name) : made.computeIfAbsent(name, this::ofCommand));
    }

    private @Nullable Object ofCommand(String name) {
        List<Identity> links = command.session().requester().links();
        return switch (name) {
            case "requester", "origin" -> link(links.getFirst());
            case "actor" -> link(links.getLast());
            case "chain.links" -> links.stream().map(Facts::link).toList();
            case "chain.depth" -> (long) links.size();
            case "chain.subjects" -> links.stream().map(Identity::subject).toList();
            case "target" -> command.session().target();
            case "command.text" -> command.content().text();
            case "command.kinds" -> command.content().kinds();
            case "command.binds" ->
                command.binds().stream()
                        .map(bind -> bind.text() == null ? "" : bind.text())
                        .toList();
            case "session.state" -> command.state();
            case "session.client" -> command.session().client();
            case "now.hour" -> (long) now.atOffset(ZoneOffset.UTC).getHour();
            case "now.weekday" ->
                (long) now.atOffset(ZoneOffset.UTC).getDayOfWeek().getValue();
            default -> null;
        };
    }

    private static @Nullable Object of(Effect effect, String name) {
        return switch (name) {
            case "effect.action" -> effect.action();
            case "effect.kind" -> effect.resource().kind();
            case "effect.name" -> String.join(".", effect.resource().path());
            case "effect.path" -> effect.resource().path();
            case "effect.flags" -> List.copyOf(effect.flags());
            default -> null;
        };
    }

    private static Map<String, Object> link(Identity identity) {
        return Map.of(
                "name",
                identity.name(),
                "subject",
                identity.subject(),
                "issuer",
                identity.issuer(),
                "kind",
                identity.kind().name().toLowerCase(Locale.ROOT),
                "groups",
                List.copyOf(identity.groups()));
    }
}
