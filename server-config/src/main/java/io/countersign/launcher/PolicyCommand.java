package io.countersign.launcher;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code countersign policy}: tries a policy folder out, without a gateway or with what one has on record. */
@Command(
        name = "policy",
        description = "Try a policy out before it loads.",
        subcommands = {
            PolicyCommand.TestPolicy.class,
            PolicyCommand.Explain.class,
            PolicyCommand.Who.class,
            PolicyCommand.Replay.class
        })
final class PolicyCommand {

    @Command(
            name = "test",
            description = "Judge the commands of FOLDER/tests/*.yaml and compare with what they expect.",
            exitCodeListHeading = "%nExit status:%n",
            exitCodeList = {"0:every test passes", "1:one fails or is not understood, or there is none"},
            footer = {
                "",
                "tests:",
                "  - name: support does not delete everything",
                "    as: {name: alice, groups: [support]}",
                "    through: [{name: deploy-bot}]  # agents, the one that acts last; or none",
                "    target: shop",
                "    command: DELETE FROM orders  # or effects: [\"sql:delete on table public.t\"]",
                "    expect: {verdict: refuse, rule: never-all}  # also masks, limit-rows"
            })
    static final class TestPolicy implements Callable<Integer> {

        @Parameters(paramLabel = "FOLDER", description = "The policy folder.")
        @SuppressWarnings("NullAway.Init") // picocli insists on it
        private String folder;

        @Override
        public Integer call() {
            return PolicyTrials.test(folder);
        }
    }

    @Command(
            name = "explain",
            description = "One command: every rule that is considered for it, and why it decides or not.",
            exitCodeListHeading = "%nExit status:%n",
            exitCodeList = {"0:explained", "1:the policy or the command is not understood"})
    static final class Explain implements Callable<Integer> {

        @Parameters(paramLabel = "FOLDER", description = "The policy folder.")
        @SuppressWarnings("NullAway.Init") // picocli insists on it
        private String folder;

        @Parameters(paramLabel = "COMMAND", description = "What is asked: SQL.")
        @SuppressWarnings("NullAway.Init") // picocli insists on it
        private String text;

        @Option(
                names = "--target",
                paramLabel = "NAME",
                required = true,
                description = "The target, as the policy names it.")
        @SuppressWarnings("NullAway.Init") // picocli insists on it
        private String target;

        @Option(
                names = "--as",
                paramLabel = "NAME",
                defaultValue = "somebody",
                description = "Who asks (default: somebody).")
        @SuppressWarnings("NullAway.Init") // picocli insists on it
        private String name;

        @Option(names = "--group", paramLabel = "GROUP", description = "A group of whoever asks; may be repeated.")
        private Set<String> groups = new LinkedHashSet<>();

        @Option(
                names = "--through",
                paramLabel = "AGENT",
                description = "An agent that acts for them; may be repeated, the one that acts last.")
        private List<String> through = List.of();

        @Option(
                names = "--schema",
                paramLabel = "SCHEMA",
                defaultValue = "public",
                description = "Where names without a schema are looked for (default: public); may be repeated.")
        private List<String> schemas = List.of();

        @Override
        public Integer call() {
            return PolicyTrials.explain(folder, name, groups, through, target, text, schemas);
        }
    }

    @Command(
            name = "who",
            description = "Who can do what on a target, and whom they need: by every group that the policy knows.",
            exitCodeListHeading = "%nExit status:%n",
            exitCodeList = {"0:answered", "1:the policy or the question is not understood"})
    static final class Who implements Callable<Integer> {

        @Parameters(paramLabel = "FOLDER", description = "The policy folder.")
        @SuppressWarnings("NullAway.Init") // picocli insists on it
        private String folder;

        @Option(names = "--target", paramLabel = "NAME", description = "Only this target.")
        private @Nullable String target;

        @Option(
                names = "--effect",
                paramLabel = "EFFECT",
                description = "Only this action or effect: sql:delete, 'sql:delete on table public.orders'.")
        private @Nullable String effect;

        @Option(names = "--unapproved", description = "Only what nobody else must countersign.")
        private boolean unapproved;

        @Override
        public Integer call() {
            return PolicyTrials.who(folder, target, effect, unapproved);
        }
    }

    @Command(
            name = "replay",
            description =
                    "Judge what is on a gateway's record by another policy, and show what it would decide otherwise.",
            exitCodeListHeading = "%nExit status:%n",
            exitCodeList = {
                "0:nothing would be decided otherwise",
                "1:the policy is not understood, or the gateway does not answer",
                "2:something would be decided otherwise"
            })
    static final class Replay implements Callable<Integer> {

        @Parameters(
                paramLabel = "FOLDER|REVISION",
                description = "The policy folder, or the hash of a revision that was proposed to that gateway.")
        @SuppressWarnings("NullAway.Init") // picocli insists on it
        private String policy;

        @Option(
                names = "--api",
                paramLabel = "URL",
                required = true,
                description = "The gateway's REST interface; the variable COUNTERSIGN_TOKEN holds an auditor's token.")
        @SuppressWarnings("NullAway.Init") // picocli insists on it
        private String api;

        @Option(
                names = "--since",
                paramLabel = "INSTANT",
                description = "Only commands from then on, such as 2026-03-01T00:00:00Z.")
        private @Nullable Instant since;

        @Option(names = "--until", paramLabel = "INSTANT", description = "Only commands up to then.")
        private @Nullable Instant until;

        @Override
        public Integer call() {
            return PolicyTrials.replay(policy, api, System.getenv("COUNTERSIGN_TOKEN"), since, until);
        }
    }
}
