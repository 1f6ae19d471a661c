package io.countersign.approval;

import io.countersign.api.DelegationChain;
import io.countersign.ledger.JsonReader;
import io.countersign.ledger.JsonWriter;
import io.countersign.policy.Author;
import io.countersign.policy.Framer;
import java.util.List;

/** Authors of a policy as records keep them. */
public final class WrittenAuthor {

    private WrittenAuthor() {}

    /** Their delegation chain, the name that operators gave them, the commits that they wrote, or nothing. */
    public static void write(JsonWriter json, Author author) {
        switch (author) {
            case Author.Caller(DelegationChain chain) -> json.objects("chain", chain.links(), JsonWriter::identity);
            case Author.Named(String name) -> json.text("name", name);
            case Author.Commits(String commit, List<Author.Hand> hands, boolean sure) ->
                json.text("commit", commit)
                        .flag("sure", sure)
                        .objects(
                                "hands",
                                hands,
                                (one, hand) -> one.text("name", hand.name()).text("email", hand.email()));
            case Author.Unknown() -> {}
        }
    }

    public static Author read(JsonReader json) {
        if (json.has("chain")) {
            return new Author.Caller(new DelegationChain(json.objects("chain", JsonReader::identity)));
        }
        if (json.has("commit")) {
            return new Author.Commits(
                    json.text("commit"),
                    json.objects("hands", hand -> new Author.Hand(hand.text("name"), hand.text("email"))),
                    json.flag("sure"));
        }
        return json.has("name") ? new Author.Named(json.text("name")) : new Author.Unknown();
    }

    static void write(JsonWriter json, Framer framer) {
        json.text("rule", framer.rule()).flag("approved", framer.approved());
        write(json, framer.who());
    }

    static Framer framer(JsonReader json) {
        return new Framer(read(json), json.text("rule"), json.flag("approved"));
    }
}
