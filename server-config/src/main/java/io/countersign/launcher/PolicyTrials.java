package io.countersign.launcher;

import io.countersign.api.Secret;
import io.countersign.policy.Explanation;
import io.countersign.policy.Replay;
import io.countersign.policy.TestRun;
import io.countersign.policy.WhoCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code countersign policy} does. Apart from the command, because the command line of a gateway's process is made
 * without the policy's classes, and reading a command's methods loads what they mention.
 */
final class PolicyTrials {

    private PolicyTrials() {}

    static int test(String folder) {
        return TestRun.run(folder, new SqlContents(), System.out, System.err);
    }

    static int who(String folder, @Nullable String target, @Nullable String effect, boolean unapproved) {
        return WhoCommand.run(
                folder, Optional.ofNullable(target), Optional.ofNullable(effect), unapproved, System.out, System.err);
    }

    /** @param token an auditor's; null where there is none */
    static int replay(
            String policy, String api, @Nullable String token, @Nullable Instant since, @Nullable Instant until) {
        if (token == null || token.isBlank()) {
            throw new Failure("Put an auditor's token into the variable COUNTERSIGN_TOKEN.");
        }
        GatewayRecords records = new GatewayRecords(new GatewayApi(api), Secret.of(token.strip()));
        Instant from = since == null ? Instant.MIN : since;
        Instant to = until == null ? Instant.MAX : until;
        if (Files.isDirectory(Path.of(policy))) {
            return Replay.folder(policy, records, from, to, System.out, System.err);
        }
        return Replay.run(
                records.revision(policy)
                        .orElseThrow(
                                () -> new Failure(policy + " is no folder, and no revision that the gateway knows.")),
                records,
                from,
                to,
                System.out,
                System.err);
    }

    static int explain(
            String folder,
            String name,
            Set<String> groups,
            List<String> through,
            String target,
            String text,
            List<String> schemas) {
        return Explanation.run(
                folder,
                new Explanation.Asked(name, groups, through, target, text, schemas),
                new SqlContents(),
                Clock.systemUTC().instant(),
                System.out,
                System.err);
    }
}
