package io.countersign.policy;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/** {@code countersign check FOLDER}: reads a policy folder as the gateway would, without a gateway. */
public final class CheckCommand {

    /** Stands for variables that only the gateway's own environment sets; a number, so that ports stay readable. */
    private static final String UNSET = "1";

    private CheckCommand() {}

    /** @return 0 where the folder would load, 1 where it would not: every problem is then on {@code err} */
    public static int run(String folder, PrintStream out, PrintStream err) {
        try {
            Policy policy = Policy.load(Path.of(folder), name -> {
                String value =
                        System.getenv(name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT));
                return value == null ? System.getProperty(name, UNSET) : value;
            });
            out.println(folder + " is in order: " + policy.described() + ". Revision " + policy.revision() + ".");
            return 0;
        } catch (PolicyException e) {
            e.problems().forEach(err::println);
            err.println(e.problems().size() + (e.problems().size() == 1 ? " problem" : " problems") + " in " + folder
                    + ". A gateway would keep the policy that it has.");
            return 1;
        }
    }
}
