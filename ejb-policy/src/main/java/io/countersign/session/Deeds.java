package io.countersign.session;

import io.countersign.api.Command;
import io.countersign.api.DelegationChain;
import io.countersign.api.Effect;
import io.countersign.api.Identity;
import io.countersign.api.Resource;
import io.countersign.ledger.Block;
import io.countersign.ledger.Blocks;
import io.countersign.ledger.JsonReader;
import io.countersign.ledger.Store;
import io.countersign.policy.Decision;
import io.countersign.policy.Deed;
import io.countersign.policy.DescribedEffect;
import io.countersign.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Who did what to which object, as far as the policy keeps it apart: read from the ledger when a policy comes into force,
 * kept up with every command after that. Until it is read, what the policy keeps apart is refused.
 */
public final class Deeds {

    private static final int BLOCKS_AT_ONCE = 50;

    private static final Set<String> ENDS =
            Set.of("release", "request-rejected", "request-expired", "request-withdrawn", "request-abandoned");

    private record Key(String target, Resource object) {}

    private record Place(String session, long command) {}

    /** A command as its entry has it. */
    private record Asked(String target, List<Deed> deeds) {}

    private final Supplier<Store> store;
    private final Runnable settle;

    /** Guarded by this, like the one that follows. */
    private Map<Key, List<Deed>> done = new HashMap<>();

    private Optional<Policy> read = Optional.empty();

    /**
     * @param store  where the ledger is
     * @param settle returns once the store has all that was let through before
     */
    public Deeds(Supplier<Store> store, Runnable settle) {
        this.store = store;
        this.settle = settle;
    }

    /** Judges in the light of what the same people did before; what is let through counts from now on. */
    public synchronized Decision decide(Policy policy, Command command, Decision decision, Instant now) {
        List<Effect> touched = command.content().effects().stream()
                .filter(policy.objects()::speakOf)
                .toList();
        if (touched.isEmpty() || decision.ruling() == Decision.Ruling.REFUSE) {
            return decision;
        }
        if (!isRead(policy)) {
            return policy.objects().unread(decision, touched);
        }
        String target = command.session().target();
        Decision apart = policy.objects()
                .apart(
                        decision,
                        touched,
                        command.session().requester(),
                        object -> done.getOrDefault(new Key(target, object), List.of()),
                        now);
        if (apart.ruling() != Decision.Ruling.REFUSE && command.phase() == Command.Phase.RUN) {
            String session = command.session().id().toString();
            boolean certain = apart.ruling() == Decision.Ruling.PERMIT;
            touched.forEach(effect -> add(
                    done,
                    target,
                    new Deed(command.session().requester(), effect, session, command.number(), now),
                    certain));
        }
        return apart;
    }

    /** A command that was held has come to nothing. */
    public synchronized void forget(String session, long command) {
        done.values()
                .forEach(deeds -> deeds.removeIf(deed -> deed.session().equals(session) && deed.command() == command));
    }

    /** Reads the ledger from its start where the policy in force asks for it and it is not read; that may take long. */
    public void read(Policy policy) {
        if (policy.objects().none() || isRead(policy)) {
            return;
        }
        // What an earlier policy has let through may still be on its way: on the journal, or in a block to come.
        settle.run();
        Map<Key, List<Deed>> found = new HashMap<>();
        scan(policy, found);
        synchronized (this) {
            done = found;
            read = Optional.of(policy);
        }
    }

    private synchronized boolean isRead(Policy policy) {
        return read.filter(policy::equals).isPresent();
    }

    private void scan(Policy policy, Map<Key, List<Deed>> found) {
        Map<Place, Asked> held = new HashMap<>();
        Map<String, DelegationChain> chains = new HashMap<>();
        long from = 0;
        while (true) {
            long first = from;
            List<Block> blocks = store.get().aside(em -> Blocks.from(em, first, BLOCKS_AT_ONCE));
            if (blocks.isEmpty()) {
                return;
            }
            for (Block block : blocks) {
                block.entries().forEach(json -> entry(policy, json, held, chains, found));
                from = block.end();
            }
        }
    }

    private static void entry(
            Policy policy,
            byte[] json,
            Map<Place, Asked> held,
            Map<String, DelegationChain> chains,
            Map<Key, List<Deed>> found) {
        String type = type(json);
        if (type.equals("session-opened")) {
            JsonReader entry = JsonReader.of(json);
            chains.put(entry.text("session"), new DelegationChain(entry.objects("chain", JsonReader::identity)));
        } else if (type.equals("session-closed")) {
            chains.remove(JsonReader.of(json).text("session"));
        } else if (type.equals("command")) {
            JsonReader entry = JsonReader.of(json);
            if (!entry.text("phase").equals(Command.Phase.RUN.name())) {
                return;
            }
            Asked asked = asked(policy, entry, chains);
            Decision.Ruling ruling = Decision.Ruling.valueOf(entry.text("ruling"));
            if (ruling == Decision.Ruling.PERMIT) {
                asked.deeds.forEach(deed -> add(found, asked.target, deed, true));
            } else if (ruling == Decision.Ruling.HOLD && !asked.deeds.isEmpty()) {
                held.put(new Place(entry.text("session"), entry.number("command")), asked);
            }
        } else if (ENDS.contains(type) && !held.isEmpty()) {
            JsonReader entry = JsonReader.of(json);
            if (entry.has("session") && entry.has("command")) {
                Asked asked = held.remove(new Place(entry.text("session"), entry.number("command")));
                if (asked != null && type.equals("release")) {
                    asked.deeds.forEach(deed -> add(found, asked.target, deed, true));
                }
            }
        }
    }

    private static Asked asked(Policy policy, JsonReader entry, Map<String, DelegationChain> chains) {
        String session = entry.text("session");
        DelegationChain by = chains.getOrDefault(session, new DelegationChain(entry.objects("chain", Deeds::account)));
        List<Deed> deeds = entry.texts("effects").stream()
                .map(DescribedEffect::parse)
                .filter(policy.objects()::speakOf)
                .map(effect -> new Deed(by, effect, session, entry.number("command"), entry.time("at")))
                .toList();
        return new Asked(entry.text("target"), deeds);
    }

    private static Identity account(JsonReader json) {
        return new Identity(
                json.text("issuer"),
                json.text("subject"),
                json.text("name"),
                Set.of(),
                Identity.Kind.valueOf(json.text("kind")));
    }

    /**
     * The newest of the same people and the same effect stands for all of them.
     *
     * @param certain whether it runs; where it is held only, those before it still count
     */
    private static void add(Map<Key, List<Deed>> to, String target, Deed deed, boolean certain) {
        List<Deed> there = to.computeIfAbsent(new Key(target, deed.effect().resource()), key -> new ArrayList<>());
        there.removeIf(other -> certain
                && other.effect().action().equals(deed.effect().action())
                && other.by().links().size() == deed.by().links().size()
                && IntStream.range(0, deed.by().links().size())
                        .allMatch(i -> other.by()
                                .links()
                                .get(i)
                                .sameAccount(deed.by().links().get(i))));
        there.add(deed);
    }

    /** Every entry starts with its type: most need not be read. */
    private static String type(byte[] json) {
        byte[] start = "{\"type\":\"".getBytes(StandardCharsets.US_ASCII);
        if (json.length < start.length || !Arrays.equals(json, 0, start.length, start, 0, start.length)) {
            return "";
        }
        int end = start.length;
        while (end < json.length && json[end] != '"') {
            end++;
        }
        return new String(json, start.length, end - start.length, StandardCharsets.US_ASCII);
    }
}
