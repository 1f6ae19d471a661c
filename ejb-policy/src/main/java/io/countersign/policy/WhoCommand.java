package io.countersign.policy;

import io.countersign.policy.Reach.Way;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code countersign policy who FOLDER}: who can do what on which target, and whom they need. */
public final class WhoCommand {

    private WhoCommand() {}

    /**
     * @param target     one target; all where empty
     * @param effect     an effect or an action; all where empty
     * @param unapproved only what needs nobody's countersignature
     * @return 0 where the folder and the question are understood, else 1
     */
    public static int run(
            String folder,
            Optional<String> target,
            Optional<String> effect,
            boolean unapproved,
            PrintStream out,
            PrintStream err) {
        try {
            Policy policy = PolicyReader.check(Path.of(folder));
            List<String> targets = policy.targets().stream()
                    .map(each -> each.name())
                    .filter(name -> target.map(name::equals).orElse(true))
                    .toList();
            if (targets.isEmpty()) {
                err.println("There is no target named " + target.orElse("") + ".");
                return 1;
            }
            for (String name : targets) {
                List<Way> ways = policy.reach(name, effect).stream()
                        .filter(way -> !unapproved || way.alone())
                        .toList();
                out.println(name + (ways.isEmpty() ? ": nobody" : ":"));
                ways.forEach(way -> out.println("  " + way.described()));
            }
            out.println();
            out.println("Each group alone. Who is in several may do what each may, and the strictest rule counts.");
            return 0;
        } catch (PolicyException e) {
            e.problems().forEach(err::println);
            return 1;
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            return 1;
        }
    }
}
