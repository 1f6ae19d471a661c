package io.countersign.approval;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.ledger.Entry;
import io.countersign.ledger.JsonWriter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** The ledger's entries about requests and votes: which fields, in which order. */
final class RequestRecords {

    private RequestRecords() {}

    static Entry held(Instant now, Standing standing) {
        return Entry.of("request-held", now, standing.held().session(), json -> {
            about(json, standing);
            json.text("digest", standing.held().digest().toString()).time("until", standing.until());
            WrittenHeld.terms(json, standing.held());
        });
    }

    /** About something that is no command. */
    static Entry opened(Instant now, Standing standing) {
        Held held = standing.held();
        return Entry.of("request-opened", now, json -> {
            about(json, standing);
            json.text("matter", held.matter().name())
                    .text("digest", held.digest().toString())
                    .time("until", standing.until());
            WrittenHeld.terms(json, held);
        });
    }

    /** The same command came again, from another place. */
    static Entry rejoined(Instant now, Standing standing) {
        return Entry.of("request-rejoined", now, standing.held().session(), json -> {
            about(json, standing);
            json.text("digest", standing.held().digest().toString());
        });
    }

    /** Its client is gone, and it goes on. */
    static Entry left(Instant now, Standing standing, String why) {
        return Entry.of("request-left", now, standing.held().session(), json -> {
            about(json, standing);
            json.text("reason", why).time("until", standing.until());
        });
    }

    /** What the target says of it, as those see it who decide. */
    static Entry observed(Instant now, Standing standing) {
        return Entry.of("request-observed", now, standing.held().session(), json -> {
            about(json, standing);
            json.objects("insights", standing.held().insights(), WrittenInsight::write);
        });
    }

    static Entry vote(Standing after, Ballot ballot) {
        return Entry.of(
                ballot.automatic() ? "automatic-vote" : "vote",
                ballot.at(),
                after.held().session(),
                json -> {
                    about(json, after);
                    json.text("digest", after.held().digest().toString())
                            .text("choice", ballot.choice().name())
                            .object("voter", voter -> JsonWriter.identity(voter, ballot.voter()))
                            .text("comment", ballot.comment());
                });
    }

    static Entry releaseFailed(Instant now, Standing approved, String why) {
        return Entry.of("release-failed", now, approved.held().session(), json -> {
            about(json, approved);
            json.text("reason", why);
        });
    }

    /** It may go on: on disk before the connector hears of it. */
    static Entry release(Instant now, Standing approved) {
        return Entry.of("release", now, approved.held().session(), json -> {
            about(json, approved);
            json.text("digest", approved.held().digest().toString())
                    .text("policy", approved.held().revision())
                    .objects("approvers", voters(approved, false), JsonWriter::identity);
            if (approved.votes().stream().anyMatch(Ballot::automatic)) {
                json.objects("automatic", voters(approved, true), JsonWriter::identity);
            }
        });
    }

    private static List<Identity> voters(Standing approved, boolean automatic) {
        return approved.votes().stream()
                .filter(ballot -> ballot.automatic() == automatic)
                .map(Ballot::voter)
                .toList();
    }

    /** Approved while nobody waits: whoever is to run it must come again. */
    static Entry ready(Instant now, Standing approved) {
        return Entry.of("request-ready", now, approved.held().session(), json -> {
            about(json, approved);
            json.text("digest", approved.held().digest().toString()).time("until", approved.until());
        });
    }

    static Entry withdrawn(Instant now, Standing after, Ballot ballot, Identity by) {
        return Entry.of("vote-withdrawn", now, after.held().session(), json -> {
            about(json, after);
            json.object("voter", voter -> JsonWriter.identity(voter, ballot.voter()))
                    .text(
                            "reason",
                            ballot.voter().sameAccount(by)
                                    ? "the voter took it back"
                                    : by.name() + " took back the vote of an earlier stage");
        });
    }

    static Entry withdrawalRefused(Instant now, Standing standing, DelegationChain who, List<String> reasons) {
        return Entry.of("withdrawal-refused", now, standing.held().session(), json -> {
            about(json, standing);
            json.objects("voter", who.links(), JsonWriter::identity).texts("reasons", reasons);
        });
    }

    static Entry ended(Instant now, Standing standing, String why) {
        return Entry.of(
                "request-" + word(standing.state()), now, standing.held().session(), json -> {
                    about(json, standing);
                    json.text("reason", why);
                });
    }

    static Entry refused(Instant now, Standing standing, DelegationChain voter, Choice choice, List<String> reasons) {
        return Entry.of("vote-refused", now, standing.held().session(), json -> {
            about(json, standing);
            json.text("choice", choice.name())
                    .objects("voter", voter.links(), JsonWriter::identity)
                    .texts("reasons", reasons);
        });
    }

    static Entry notFound(Instant now, long id, DelegationChain voter, Choice choice) {
        return Entry.of(
                "vote-refused",
                now,
                json -> json.number("request", id)
                        .text("choice", choice.name())
                        .objects("voter", voter.links(), JsonWriter::identity)
                        .texts("reasons", List.of("There is no such request.")));
    }

    private static void about(JsonWriter json, Standing standing) {
        if (standing.held().matter() == Matter.COMMAND) {
            json.number("command", standing.held().command());
        }
        json.number("request", standing.id());
    }

    /** As people and entries say it: {@code pending}. */
    static String word(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
