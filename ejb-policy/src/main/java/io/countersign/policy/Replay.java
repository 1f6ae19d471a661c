package io.countersign.policy;

import io.countersign.ledger.JsonReader;
import io.countersign.policy.Policy.SourceFile;
import io.countersign.policy.RecordedCommands.Recorded;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * {@code countersign policy replay}: judges the recorded commands of a time span by a policy, and shows which it would decide
 * otherwise than they were. From the record alone: effects, session state and groups are those of then.
 */
public final class Replay {

    /** Nothing would be decided otherwise, something would, or it could not be told. */
    private static final int SAME = 0;

    private static final int CANNOT = 1;
    private static final int OTHERWISE = 2;

    private static final int LONGEST_STATEMENT = 120;

    private final Policy policy;
    private final RecordedCommands recorded = new RecordedCommands();
    private final SessionDuties duties = new SessionDuties();
    private final Map<Otherwise, Long> changes = new LinkedHashMap<>();
    private long judged;
    private long planned;

    private Replay(Policy policy) {
        this.policy = policy;
    }

    /** Commands that differ in nothing that would be shown. */
    private record Otherwise(String who, String target, String was, String is, String statement) {}

    /** The same for the files of a folder. */
    public static int folder(
            String folder, Iterable<String> entries, Instant since, Instant until, PrintStream out, PrintStream err) {
        try {
            return run(PolicyReader.files(Path.of(folder)), entries, since, until, out, err);
        } catch (PolicyException e) {
            e.problems().forEach(err::println);
            return CANNOT;
        }
    }

    /**
     * @param entries the ledger's, as JSON, from the first on; those after {@code until} are not asked for
     * @param since   commands before it are only read to know what sessions had used
     * @return 0 where nothing would be decided otherwise, 2 where something would, 1 where that could not be told
     */
    public static int run(
            List<SourceFile> files,
            Iterable<String> entries,
            Instant since,
            Instant until,
            PrintStream out,
            PrintStream err) {
        try {
            Replay replay = new Replay(PolicyReader.check(files));
            for (String entry : entries) {
                JsonReader read = JsonReader.of(entry);
                if (read.time("at").isAfter(until)) {
                    break;
                }
                replay.recorded.read(read).ifPresent(command -> replay.judge(command, since));
            }
            return replay.report(out);
        } catch (PolicyException e) {
            e.problems().forEach(err::println);
            return CANNOT;
        } catch (IllegalArgumentException | IllegalStateException e) {
            err.println(e.getMessage());
            return CANNOT;
        }
    }

    private void judge(Recorded was, Instant since) {
        if (was.planned()) {
            planned += was.at().isBefore(since) ? 0 : 1;
            return;
        }
        Decision now = duties.decide(policy, was.command(), was.having(), was.at());
        if (was.at().isBefore(since)) {
            return;
        }
        judged++;
        Set<String> rules = now.reasons().stream()
                .map(Decision.Reason::rule)
                .filter(rule -> !rule.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        if (now.ruling() != was.ruling() || !rules.equals(was.rules())) {
            changes.merge(
                    new Otherwise(
                            was.command().session().requester().described(),
                            was.command().session().target(),
                            words(was.ruling(), was.rules()),
                            words(now.ruling(), rules),
                            shown(was.command().content().text())),
                    1L,
                    Long::sum);
        }
    }

    private int report(PrintStream out) {
        changes.forEach((each, times) -> {
            out.println(each.who + " on " + each.target + ": " + each.was + " -> " + each.is
                    + (times == 1 ? "" : ", " + times + " times"));
            out.println("    " + each.statement);
        });
        out.println(judged + " commands judged by revision " + policy.revision() + ", "
                + changes.values().stream().mapToLong(Long::longValue).sum() + " of them otherwise.");
        if (planned > 0) {
            out.println(planned + " commands of plans are left out: a plan runs under the policy that judged it.");
        }
        if (!policy.objects().none()) {
            out.println("What the policy keeps apart on one object over time is not judged here.");
        }
        return changes.isEmpty() ? SAME : OTHERWISE;
    }

    private static String words(Decision.Ruling ruling, Set<String> rules) {
        return TestRun.word(ruling) + " (" + (rules.isEmpty() ? "no rule" : String.join(", ", rules)) + ")";
    }

    /** On one line, and nothing in it that a terminal would obey. */
    private static String shown(String statement) {
        String line = statement.strip().replaceAll("\\s+", " ").replaceAll("\\p{C}", "?");
        return line.length() <= LONGEST_STATEMENT ? line : line.substring(0, LONGEST_STATEMENT) + "…";
    }
}
