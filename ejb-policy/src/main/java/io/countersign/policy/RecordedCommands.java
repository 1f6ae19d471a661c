package io.countersign.policy;

import io.countersign.api.Bind;
import io.countersign.api.Command;
import io.countersign.api.Content;
import io.countersign.api.DelegationChain;
import io.countersign.api.Digest;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import io.countersign.ledger.JsonReader;
import io.countersign.policy.Decision.Ruling;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads commands back from the ledger's entries, given one after the other from the first on. */
final class RecordedCommands {

    private final Map<String, Session> sessions = new HashMap<>();
    private final Set<String> planned = new HashSet<>();

    /**
     * A command as it was judged.
     *
     * @param having  the duties that the requester had for a time, as far as the command used them
     * @param planned whether its session ran a plan, which is approved beforehand
     */
    record Recorded(
            Command command, Instant at, Set<String> having, Ruling ruling, Set<String> rules, boolean planned) {}

    /**
     * @return the command that the entry records; empty where it records something else
     * @throws IllegalArgumentException where it is about a session whose beginning was not among the entries before
     */
    Optional<Recorded> read(JsonReader entry) {
        switch (entry.text("type")) {
            case "session-opened" -> sessions.put(entry.text("session"), session(entry));
            case "plan-begun" -> planned.add(entry.text("session"));
            case "session-closed" -> {
                sessions.remove(entry.text("session"));
                planned.remove(entry.text("session"));
            }
            case "command" -> {
                return Optional.of(command(entry));
            }
            default -> {
                // Votes, outcomes and the rest say nothing of what was asked.
            }
        }
        return Optional.empty();
    }

    private static Session session(JsonReader entry) {
        return new Session(
                SessionId.parse(entry.text("session")),
                new DelegationChain(entry.objects("chain", JsonReader::identity)),
                entry.text("protocol"),
                entry.text("target"),
                entry.text("client"),
                entry.time("at"),
                Instant.MAX);
    }

    private Recorded command(JsonReader entry) {
        Session session = sessions.get(entry.text("session"));
        if (session == null) {
            throw new IllegalArgumentException("The record of session " + entry.text("session")
                    + " has no beginning: the ledger is read from its first entry on.");
        }
        Content content = new Content(
                entry.text("statement"),
                Digest.parse(entry.text("content")),
                entry.texts("kinds"),
                entry.texts("effects").stream().map(DescribedEffect::parse).toList(),
                Set.of());
        return new Recorded(
                new Command(
                        session,
                        entry.number("command"),
                        Command.Phase.valueOf(entry.text("phase")),
                        content,
                        entry.objects("binds", RecordedCommands::bind),
                        entry.map("state")),
                entry.time("at"),
                entry.has("grants") ? Set.copyOf(entry.objects("grants", grant -> grant.text("duty"))) : Set.of(),
                Ruling.valueOf(entry.text("ruling")),
                entry.objects("reasons", reason -> reason.text("rule")).stream()
                        .filter(rule -> !rule.isEmpty())
                        .collect(Collectors.toCollection(TreeSet::new)),
                planned.contains(entry.text("session")));
    }

    private static Bind bind(JsonReader json) {
        String text = json.textOrNull("text");
        return new Bind(json.text("type"), text, text == null ? null : text.getBytes(StandardCharsets.UTF_8));
    }
}
