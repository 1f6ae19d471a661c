package io.countersign.policy;

import static io.countersign.policy.Shop.command;
import static io.countersign.policy.Shop.effect;
import static io.countersign.policy.Shop.person;

import io.countersign.api.Command;
import io.countersign.api.DelegationChain;
import io.countersign.policy.Decision.Ruling;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * How long a decision takes at the median, which other work on the machine disturbs least, by how many rules there are besides the ten that speak of the requester's duties and target
 * and of the command's actions. {@code it/bench/decisions} runs it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DecisionBenchmark {

    /** More than a policy remembers, so that each decision is a new one. */
    private static final int TEXTS = 32_768;

    private static final DelegationChain ALICE = DelegationChain.of(person("alice", "group0", "engineers", "staff"));

    @Param({"10", "1000", "5000"})
    private int rules;

    private final Command[] texts = new Command[TEXTS];
    private Policy plain;
    private Policy conditional;
    private Policy tables;
    private int next;

    @Setup
    public void compile() throws IOException, PolicyException {
        plain = policy("");
        tables = tables();
        conditional = policy(", when: '\"engineers\" in requester.groups && now.hour > 6 && effect.flags.size() == 0'");
        for (int i = 0; i < TEXTS; i++) {
            texts[i] = command(
                    ALICE,
                    "SELECT * FROM t1 JOIN t2 USING (id) WHERE id = " + i,
                    effect("sql:select", "public", "t1"),
                    effect("sql:select", "public", "t2"));
        }
        if (newText().ruling() != Ruling.PERMIT || withCondition().ruling() != Ruling.PERMIT) {
            throw new IllegalStateException("the benchmark must decide as it means to");
        }
    }

    /** A text that was never seen before. */
    @Benchmark
    public Decision newText() {
        return plain.decide(texts[next++ & TEXTS - 1], Shop.NOON);
    }

    /** The same where every rule is the requester's own, for the same target and action, and names another table. */
    @Benchmark
    public Decision ofManyTables() {
        return tables.decide(texts[next++ & TEXTS - 1], Shop.NOON);
    }

    /** The same, of a table that was never asked for: every rule for its action is looked at once. */
    @Benchmark
    public Decision ofANewTable() {
        return tables.decide(
                command(ALICE, "SELECT 1", effect("sql:select", "public", "u" + next++)), Shop.NOON);
    }

    /** Ten rules with a condition that asks for the time: never remembered. */
    @Benchmark
    public Decision withCondition() {
        return conditional.decide(texts[0], Shop.NOON);
    }

    /** The usual case in production: the same question again. */
    @Benchmark
    public Decision remembered() {
        return plain.decide(texts[0], Instant.MAX);
    }

    private Policy policy(String condition) throws IOException, PolicyException {
        StringBuilder own = new StringBuilder("  - name: own\n    carried-by: [group0]\n    rules:\n");
        StringBuilder others = new StringBuilder("  - name: others\n    carried-by: [group1]\n    rules:\n");
        others.append(rule("of-others", "shop", "sql:select", condition));
        for (int i = 0; i < rules; i++) {
            switch (i < 10 ? 3 : i % 3) {
                case 0 -> own.append(rule("elsewhere" + i, "other" + i % 20, "sql:select on table public.t*", condition));
                case 1 -> others.append(rule("for-others" + i, "shop", "sql:select on table public.t*", condition));
                case 2 -> own.append(rule("another-action" + i, "shop", "sql:update on table public.t*", condition));
                default -> own.append(rule("applies" + i, "shop", "sql:select on table public.t*", condition));
            }
        }
        StringBuilder targets = new StringBuilder("targets:\n");
        for (int i = 0; i < 20; i++) {
            targets.append("  - {name: other%d, protocol: postgres, host: db, port: 5432, user: u, password: \"${p}\", tls: off}\n"
                    .formatted(i));
        }
        return Shop.policy(
                Files.createTempDirectory("countersign-bench"), targets + "duties:\n" + own + others);
    }

    private Policy tables() throws IOException, PolicyException {
        StringBuilder own = new StringBuilder("duties:\n  - name: own\n    carried-by: [group0]\n    rules:\n");
        for (int i = 0; i < rules; i++) {
            own.append(rule("applies" + i, "shop", "sql:select on table public.t" + i, ""));
        }
        return Shop.policy(Files.createTempDirectory("countersign-bench"), own.toString());
    }

    private static String rule(String name, String target, String effect, String condition) {
        return "      - {name: %s, targets: [%s], effects: [\"%s\"], decision: permit%s}\n"
                .formatted(name, target, effect, condition);
    }
}
