package io.countersign.session;

import io.countersign.api.Command;
import io.countersign.api.Outcome;
import io.countersign.approval.Held.Parameter;
import io.countersign.approval.WrittenReason;
import io.countersign.ledger.Block;
import io.countersign.ledger.Blocks;
import io.countersign.ledger.JsonReader;
import io.countersign.ledger.Store;
import io.countersign.policy.Decision.Reason;
import io.countersign.policy.Decision.Ruling;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads a session's commands out of the ledger: its spans' blocks, entry by entry. */
public final class Story {

    private static final int BLOCKS_AT_ONCE = 20;

    /** Bytes within which an entry has said its type, its time and its session. */
    private static final int HEAD = 160;

    private final Store store;

    public Story(Store store) {
        this.store = store;
    }

    /** One command with what became of it. */
    public record Told(
            long seq,
            long number,
            Instant at,
            Command.Phase phase,
            List<String> kinds,
            String statement,
            List<Parameter> binds,
            List<String> effects,
            Ruling ruling,
            List<Reason> reasons,
            String revision,
            List<Long> grants,
            Optional<Long> request,
            Optional<Ending> ending) {

        private Told held(long id) {
            return new Told(
                    seq,
                    number,
                    at,
                    phase,
                    kinds,
                    statement,
                    binds,
                    effects,
                    ruling,
                    reasons,
                    revision,
                    grants,
                    Optional.of(id),
                    ending);
        }

        private Told ended(Ending how) {
            return new Told(
                    seq,
                    number,
                    at,
                    phase,
                    kinds,
                    statement,
                    binds,
                    effects,
                    ruling,
                    reasons,
                    revision,
                    grants,
                    request,
                    Optional.of(how));
        }
    }

    /** How the target answered. */
    public record Ending(Outcome.Status status, String detail, long rows, long bytes, Duration elapsed, Instant at) {}

    /**
     * @param after only commands with a greater number
     * @param limit how many
     */
    public List<Told> commands(String session, long after, int limit) {
        SortedMap<Long, Told> told = new TreeMap<>();
        for (long[] span : spans(session)) {
            long from = span[0];
            while (from <= span[1]) {
                long first = from;
                List<Block> blocks = store.aside(em -> Blocks.between(em, first, span[1], BLOCKS_AT_ONCE));
                if (blocks.isEmpty()) {
                    break;
                }
                for (Block block : blocks) {
                    read(block, session, after, after + limit, told);
                }
                from = blocks.getLast().end();
                if (told.size() == limit && told.values().stream().allMatch(Story::isOver)) {
                    return List.copyOf(told.values());
                }
            }
        }
        return List.copyOf(told.values());
    }

    @SuppressWarnings("unchecked")
    private List<long[]> spans(String session) {
        List<Object[]> rows = store.aside(em -> (List<Object[]>)
                em.createNativeQuery("SELECT first_block, last_block FROM session_span WHERE session_id = :session"
                                + " ORDER BY first_block")
                        .setParameter("session", session)
                        .getResultList());
        return rows.stream()
                .map(row -> new long[] {((Number) row[0]).longValue(), ((Number) row[1]).longValue()})
                .toList();
    }

    private static boolean isOver(Told told) {
        return told.ending().isPresent() || told.ruling() == Ruling.REFUSE;
    }

    private static void read(Block block, String session, long after, long last, SortedMap<Long, Told> told) {
        byte[] mine = ("\"session\":\"" + session + "\"").getBytes(StandardCharsets.US_ASCII);
        long seq = block.first();
        for (byte[] json : block.entries()) {
            if (startsWith(json, mine)) {
                JsonReader entry = JsonReader.of(json);
                long number = entry.has("command") ? entry.number("command") : 0;
                if (number > after && number <= last) {
                    read(seq, number, entry, told);
                }
            }
            seq++;
        }
    }

    /** Whether the entry's head names the session, without reading it all: blocks are full of other sessions' entries. */
    private static boolean startsWith(byte[] json, byte[] field) {
        int last = Math.min(json.length, HEAD) - field.length;
        for (int at = 0; at <= last; at++) {
            if (json[at] == '"' && Arrays.equals(json, at, at + field.length, field, 0, field.length)) {
                return true;
            }
        }
        return false;
    }

    private static void read(long seq, long number, JsonReader entry, SortedMap<Long, Told> told) {
        switch (entry.text("type")) {
            case "command" -> told.put(number, command(seq, number, entry));
            case "request-held", "request-rejoined" ->
                told.computeIfPresent(number, (key, command) -> command.held(entry.number("request")));
            case "outcome" -> told.computeIfPresent(number, (key, command) -> command.ended(ending(entry)));
            default -> {
                // Votes and releases are told by the request.
            }
        }
    }

    private static Told command(long seq, long number, JsonReader entry) {
        return new Told(
                seq,
                number,
                entry.time("at"),
                Command.Phase.valueOf(entry.text("phase")),
                entry.texts("kinds"),
                entry.text("statement"),
                entry.objects("binds", bind -> new Parameter(bind.text("type"), bind.textOrNull("text"))),
                entry.texts("effects"),
                Ruling.valueOf(entry.text("ruling")),
                entry.objects("reasons", WrittenReason::read),
                entry.text("policy"),
                entry.has("grants") ? entry.objects("grants", grant -> grant.number("grant")) : List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static Ending ending(JsonReader entry) {
        return new Ending(
                Outcome.Status.valueOf(entry.text("status")),
                entry.text("detail"),
                entry.number("rows"),
                entry.number("bytes"),
                Duration.ofNanos(entry.number("micros") * 1_000),
                entry.time("at"));
    }
}
