package io.countersign.policy;

import io.countersign.api.Identity;
import io.countersign.identity.FileAccounts;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@code countersign check FOLDER}: reads a policy folder as the gateway would, without a gateway. What only the gateway's
 * own surroundings know (variables, password files) may be missing, so that it also runs where changes are reviewed.
 */
public final class CheckCommand {

    private CheckCommand() {}

    /**
     * @param accounts a file of accounts to hold against the policy: duties that nobody carries, holds that nobody could
     *                 approve, people who carry what must be kept apart
     * @return 0 where the folder would load, 1 where it would not: every problem is then on {@code err}, where warnings are
     *         too
     */
    public static int run(String folder, Optional<String> accounts, PrintStream out, PrintStream err) {
        try {
            Policy policy = PolicyReader.check(Path.of(folder));
            List<Identity> known = accounts.map(
                            file -> FileAccounts.load(Path.of(file)).identities())
                    .orElse(List.of());
            if (!policy.conflicts(known).isEmpty()) {
                return failed(folder, policy.conflicts(known), err);
            }
            policy.warnings(known).forEach(warning -> err.println("warning: " + warning));
            out.println(folder + " is in order: " + policy.described() + ". Revision " + policy.revision() + ".");
            return 0;
        } catch (PolicyException e) {
            return failed(folder, e.problems(), err);
        } catch (InvalidPathException e) {
            return failed(folder, List.of(new Problem("", 0, 0, e.getReason())), err);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            return failed(folder, List.of(new Problem("", 0, 0, String.valueOf(e.getMessage()))), err);
        }
    }

    private static int failed(String folder, List<Problem> problems, PrintStream err) {
        problems.forEach(err::println);
        err.println(problems.size() + (problems.size() == 1 ? " problem" : " problems") + " in " + folder
                + ". A gateway would keep the policy that it has.");
        return 1;
    }
}
