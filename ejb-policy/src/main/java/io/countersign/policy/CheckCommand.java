package io.countersign.policy;

import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code countersign check FOLDER}: reads a policy folder as the gateway would, without a gateway. What only the gateway's
 * own surroundings know (variables, password files) may be missing, so that it also runs where changes are reviewed.
 */
public final class CheckCommand {

    private CheckCommand() {}

    /** @return 0 where the folder would load, 1 where it would not: every problem is then on {@code err} */
    public static int run(String folder, PrintStream out, PrintStream err) {
        try {
            Policy policy = PolicyReader.check(Path.of(folder));
            out.println(folder + " is in order: " + policy.described() + ". Revision " + policy.revision() + ".");
            return 0;
        } catch (PolicyException e) {
            return failed(folder, e.problems(), err);
        } catch (InvalidPathException e) {
            return failed(folder, List.of(new Problem("", 0, 0, e.getReason())), err);
        }
    }

    private static int failed(String folder, List<Problem> problems, PrintStream err) {
        problems.forEach(err::println);
        err.println(problems.size() + (problems.size() == 1 ? " problem" : " problems") + " in " + folder
                + ". A gateway would keep the policy that it has.");
        return 1;
    }
}
