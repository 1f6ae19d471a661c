package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.it.world.Api;
import io.countersign.it.world.Await;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Invariant 3: kill -9 at any instant leaves no executed command without its record, and no request pending. */
class NothingRunsUnrecordedWhenTheGatewayDies {

    private static final int EACH = 20;
    private static final Pattern MARK = Pattern.compile("/\\* mark (\\w+-\\d+-\\d+) \\*/");

    @Test
    void twentyHeldAndTwentyRunning() {
        Set<String> executed;
        Demo first = Demo.start("killed");
        List<Program> clients = new ArrayList<>();
        try {
            for (int i = 0; i < EACH; i++) {
                Program held = first.psql("alice");
                held.type("DELETE FROM orders WHERE id = " + (1000 + i) + " /* mark held-" + i + "-0 */;");
                clients.add(held);
            }
            for (int i = 0; i < EACH; i++) {
                Program running = first.psql("alice", "-At");
                StringBuilder work = new StringBuilder();
                for (int n = 0; n < 5_000; n++) {
                    work.append("SELECT ")
                            .append(n)
                            .append(" /* mark run-")
                            .append(i)
                            .append('-')
                            .append(n)
                            .append(" */;\n");
                }
                Thread.ofVirtual().start(() -> {
                    try {
                        running.type(work.toString());
                    } catch (RuntimeException gone) {
                        // The gateway was killed while psql still read: exactly the situation wanted.
                    }
                });
                clients.add(running);
            }
            Await.until(
                    "20 held commands",
                    () -> first.api("bob").get("/requests?state=pending").json().size() == EACH);
            Await.until(
                    "all to be running",
                    () -> marks(first.targetLog()).stream()
                                    .map(mark -> mark.substring(0, mark.lastIndexOf('-')))
                                    .filter(mark -> mark.startsWith("run"))
                                    .distinct()
                                    .count()
                            == EACH);
            first.kill();
        } finally {
            clients.forEach(Program::close);
            first.close();
        }

        try (Demo second = Demo.startIn(first.data())) {
            executed = marks(second.targetLog());
            assertThat(executed).hasSizeGreaterThan(EACH).noneMatch(mark -> mark.startsWith("held"));
            assertThat(marks(second.api("dave").records().toString())).containsAll(executed);

            Api bob = second.api("bob");
            assertThat(bob.get("/requests?state=pending").json()).isEmpty();
            assertThat(bob.get("/requests?state=abandoned").json()).hasSize(EACH);
            assertThat(second.psqlOnce("alice", "SELECT 'service resumed'").out())
                    .contains("service resumed");
        }
    }

    private static Set<String> marks(String text) {
        Set<String> marks = new HashSet<>();
        var matcher = MARK.matcher(text);
        while (matcher.find()) {
            marks.add(matcher.group(1));
        }
        return marks;
    }
}
