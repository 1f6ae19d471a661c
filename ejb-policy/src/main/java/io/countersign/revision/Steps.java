package io.countersign.revision;

import io.countersign.api.DelegationChain;
import io.countersign.approval.Ballot;
import io.countersign.approval.Choice;
import io.countersign.approval.WrittenAuthor;
import io.countersign.ledger.Entry;
import io.countersign.ledger.JsonWriter;
import io.countersign.policy.Change;
import io.countersign.policy.Policy.SourceFile;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The ledger's entries about changes of the policy: which fields, in which order. */
final class Steps {

    private Steps() {}

    static Entry proposed(Proposal proposal, Instant now) {
        return Entry.of("policy-proposed", now, json -> {
            about(json, proposal);
            json.text("base", proposal.base().orElse(""))
                    .text("source", proposal.source().name())
                    .object("author", author -> WrittenAuthor.write(author, proposal.author()))
                    .text("comment", proposal.comment())
                    .each("files", proposal.files(), SourceFile::name)
                    .each("changes", proposal.changes(), Change::words);
        });
    }

    static Entry voted(Proposal proposal, Ballot ballot) {
        return Entry.of("policy-vote", ballot.at(), json -> {
            about(json, proposal);
            json.text("choice", ballot.choice().name())
                    .object("voter", voter -> JsonWriter.identity(voter, ballot.voter()))
                    .text("comment", ballot.comment());
        });
    }

    static Entry refused(Proposal proposal, DelegationChain voter, Choice choice, List<String> reasons, Instant now) {
        return Entry.of("policy-vote-refused", now, json -> {
            about(json, proposal);
            json.text("choice", choice.name())
                    .objects("voter", voter.links(), JsonWriter::identity)
                    .texts("reasons", reasons);
        });
    }

    /** @param how {@code approved}, {@code bootstrap} or {@code immediate} */
    static Entry inForce(Proposal proposal, Optional<String> replaced, String how, Instant now) {
        return Entry.of("policy-in-force", now, json -> {
            about(json, proposal);
            json.text("replaces", replaced.orElse(""))
                    .text("how", how)
                    .object("author", author -> WrittenAuthor.write(author, proposal.author()))
                    .objects("approvers", proposal.votes(), (one, ballot) -> JsonWriter.identity(one, ballot.voter()))
                    .each("changes", proposal.changes(), Change::words);
        });
    }

    static Entry ended(String type, Proposal proposal, String why, Instant now) {
        return Entry.of(type, now, json -> {
            about(json, proposal);
            json.text("reason", why);
        });
    }

    private static void about(JsonWriter json, Proposal proposal) {
        json.number("proposal", proposal.id()).text("policy", proposal.revision());
    }
}
