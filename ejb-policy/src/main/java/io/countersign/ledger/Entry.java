package io.countersign.ledger;

import io.countersign.api.SessionId;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * One thing that happened, as canonical JSON bytes: a leaf of the tree.
 *
 * <p>Every entry starts with {@code type} and {@code at}, and with {@code session} where it belongs to one; whatever else
 * it says follows in an order fixed for its type. Its place in the ledger is not part of it: the tree says that.
 *
 * @param session empty where it belongs to none
 * @param mark    a word of it, for whoever observes the committer; empty where nobody needs one
 * @param leaf    RFC 9162 §2.1.1: SHA-256(0x00 || json), taken where the entry is written so that the committer need not
 */
public record Entry(String type, String session, String mark, byte[] json, byte[] leaf) {

    private static final ThreadLocal<JsonWriter> WRITER = ThreadLocal.withInitial(JsonWriter::new);

    /** One that belongs to no session. */
    public static Entry of(String type, Instant at, Consumer<JsonWriter> fields) {
        return of(type, at, "", fields);
    }

    public static Entry of(String type, Instant at, SessionId session, Consumer<JsonWriter> fields) {
        return of(type, at, session.toString(), fields);
    }

    /**
     * @param at      cut to microseconds
     * @param session empty where it belongs to none
     * @param fields  what it says besides, in the order of its type
     */
    public static Entry of(String type, Instant at, String session, Consumer<JsonWriter> fields) {
        JsonWriter json = WRITER.get().reset().open().text("type", type).time("at", at);
        if (!session.isEmpty()) {
            json.text("session", session);
        }
        fields.accept(json);
        byte[] bytes = json.close().bytes();
        return new Entry(type, session, "", bytes, MerkleTree.leaf(bytes));
    }

    /** From its bytes, as the ledger has them; without its mark. */
    static Entry read(byte[] json) {
        JsonReader read = JsonReader.of(json);
        String session = read.has("session") ? read.text("session") : "";
        return new Entry(read.text("type"), session, "", json, MerkleTree.leaf(json));
    }

    /** The same, with a word for whoever observes the committer. */
    public Entry marked(String word) {
        return new Entry(type, session, word, json, leaf);
    }
}
