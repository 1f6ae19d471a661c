package io.countersign.revision.boundary;

import io.countersign.policy.Author;
import io.countersign.policy.Change;
import io.countersign.policy.Policy.SourceFile;
import io.countersign.policy.PolicyException;
import io.countersign.revision.Source;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Where people write the policy: what it says is proposed, not in force. */
interface PolicyPlace {

    Source source();

    /** For messages to operators. */
    String described();

    /** Another one whenever it may say something else; empty before it has said anything. Quick, for asking every second. */
    Optional<String> stamp();

    /** @throws PolicyException where there is nothing, or nothing that can be a policy */
    Written read() throws PolicyException;

    /** @param byline found out only where the files are a new revision: that may take a while */
    record Written(List<SourceFile> files, Supplier<Byline> byline) {}

    /**
     * Who stands behind it.
     *
     * @param notes what those who approve must know of how it came
     */
    record Byline(Author author, String comment, List<Change> notes) {}
}
