package io.countersign.launcher;

import io.countersign.policy.Explanation;
import io.countersign.policy.TestRun;
import io.countersign.policy.WhoCommand;
import java.time.Clock;
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
