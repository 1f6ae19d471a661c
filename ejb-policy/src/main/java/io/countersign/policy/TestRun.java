package io.countersign.policy;

import io.countersign.api.Mask;
import io.countersign.api.Obligation;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.TestReader.Expected;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code countersign policy test FOLDER}: judges the commands of the test files in {@code FOLDER/tests} by the policy in the
 * folder, and tells where it decides otherwise than they expect.
 */
public final class TestRun {

    private static final int MOST_FILES = 1_000;

    private TestRun() {}

    /** @return 0 where every test passes, 1 where one fails, is not understood, or there is none */
    public static int run(String folder, Contents contents, PrintStream out, PrintStream err) {
        List<Problem> problems = new ArrayList<>();
        try {
            Path place = Path.of(folder);
            Policy policy = PolicyReader.check(place);
            List<Expected> tests = new ArrayList<>();
            for (Path file : files(place.resolve("tests"))) {
                Yaml.read("tests/" + file.getFileName(), Files.readString(file), problems)
                        .ifPresent(root -> tests.addAll(new TestReader(policy, contents).read(root)));
            }
            if (!problems.isEmpty()) {
                throw new PolicyException(problems);
            }
            if (tests.isEmpty()) {
                err.println("There are no tests in " + place.resolve("tests") + ": nothing is proven.");
                return 1;
            }
            return report(policy, tests, out, err);
        } catch (PolicyException e) {
            e.problems().forEach(err::println);
            return 1;
        } catch (IOException | IllegalArgumentException e) {
            err.println(e.getMessage());
            return 1;
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> listed = Files.list(folder)) {
            return listed.filter(file -> file.getFileName().toString().matches("[^.].*\\.ya?ml"))
                    .sorted()
                    .limit(MOST_FILES)
                    .toList();
        }
    }

    private static int report(Policy policy, List<Expected> tests, PrintStream out, PrintStream err) {
        int failed = 0;
        for (Expected test : tests) {
            Decision decision = policy.decide(
                    test.trial().command(), test.trial().having(), test.trial().at());
            Optional<String> failure = failure(test, decision);
            if (failure.isEmpty()) {
                out.println("ok    " + test.name());
            } else {
                failed++;
                err.println("FAIL  " + test.file() + ":" + test.line() + ": " + test.name() + ": " + failure.get());
                decision.reasons().stream()
                        .map(reason -> "      " + reason.effect() + ": " + word(reason.ruling()) + " " + reason.place()
                                + " " + reason.words())
                        .forEach(err::println);
            }
        }
        out.println(tests.size() + " tests, " + failed + " failed. Revision " + policy.revision() + ".");
        return failed == 0 ? 0 : 1;
    }

    private static Optional<String> failure(Expected test, Decision decision) {
        if (decision.ruling() != test.ruling()) {
            return Optional.of("expected " + word(test.ruling()) + ", but it is " + word(decision.ruling()));
        }
        Set<String> rules = decision.reasons().stream()
                .map(Decision.Reason::rule)
                .filter(rule -> !rule.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        if (test.rule().filter(rule -> !rules.contains(rule)).isPresent()) {
            return Optional.of("expected rule " + test.rule().get() + ", but "
                    + (rules.isEmpty() ? "no rule decides" : String.join(", ", rules) + " decides"));
        }
        Set<String> masks = new TreeSet<>();
        Optional<Integer> rows = Optional.empty();
        for (Obligation each : decision.obligations()) {
            switch (each) {
                case Obligation.MaskAnswer(List<Mask> named) -> named.forEach(mask -> masks.add(mask.name()));
                case Obligation.LimitRows(long most) -> rows = Optional.of(Math.toIntExact(most));
            }
        }
        if (test.masks().filter(expected -> !expected.equals(masks)).isPresent()) {
            return Optional.of("expected masks " + new TreeSet<>(test.masks().get()) + ", but they are " + masks);
        }
        return test.rows().isPresent() && !test.rows().equals(rows)
                ? Optional.of("expected at most " + test.rows().get() + " rows, but "
                        + rows.map(most -> "it is " + most).orElse("there is no limit"))
                : Optional.empty();
    }

    static String word(Ruling ruling) {
        return ruling.name().toLowerCase(Locale.ROOT);
    }
}
