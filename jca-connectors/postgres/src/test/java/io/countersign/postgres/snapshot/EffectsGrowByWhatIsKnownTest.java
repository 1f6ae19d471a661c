package io.countersign.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Effect;
import io.countersign.api.Resource;
import io.countersign.postgres.snapshot.Snapshot.Routine;
import io.countersign.postgres.snapshot.Snapshot.View;
import io.countersign.postgres.sql.NotUnderstood;
import io.countersign.postgres.sql.Statement;
import io.countersign.postgres.sql.StatementReader;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EffectsGrowByWhatIsKnownTest {

    private static final StatementReader READER = new StatementReader();
    private static final List<String> SCHEMAS = List.of("pg_catalog", "public");

    private final Map<List<String>, View> views = new HashMap<>();
    private final Map<String, List<Routine>> functions = new HashMap<>();
    private final Map<String, List<Routine>> operators = new HashMap<>();

    @Test
    void whereNobodyAsksTheyStayAsTheyAre() {
        assertThat(added(Known.UNASKED, select("public", "v"))).containsExactly("sql:select on table public.v");
    }

    @Test
    void whereNothingIsKnownEveryTableMayBeAView() {
        assertThat(added(Known.MISSING, select("public", "v")))
                .containsExactly("sql:select on table public.v", "sql:select-view-unknown on table public.v");
        assertThat(added(Known.MISSING, select("pg_catalog", "pg_class")))
                .containsExactly("sql:select on table pg_catalog.pg_class");
        assertThat(added(Known.MISSING, select("pg_temp", "t"))).containsExactly("sql:select on table pg_temp.t");
        assertThat(added(Known.MISSING, Effect.of("sql:call", new Resource("function", List.of("f")))))
                .containsExactly("sql:call on function f (security-definer, unknown, volatile)");
        assertThat(added(Known.MISSING, Effect.of("sql:drop", new Resource("table", List.of("public", "v")))))
                .containsExactly("sql:drop on table public.v");
    }

    @Test
    void whoeverHidesBehindManyViewsIsUnknown() {
        for (int i = 0; i < 600; i++) {
            view("v" + i, "v" + (i + 1));
        }
        assertThat(added(known(), select("public", "v500"))).hasSize(101);
        assertThat(added(known(), select("public", "v0")))
                .containsExactly("sql:select on table public.v0", "sql:select-view-unknown on table public.v0");
    }

    @Test
    void viewsThatReadOneAnotherEnd() {
        view("v", "w");
        view("w", "v");
        assertThat(added(known(), select("public", "v")))
                .containsExactly(
                        "sql:select on table public.v",
                        "sql:select on table public.w (through-view)",
                        "sql:select on table public.v (through-view)");
    }

    @Test
    void aStoredViewCallsNothingUntilItIsRefreshed() {
        views.put(path("m"), new View(true, Set.of(path("t")), Set.of(path("f"))));
        functions.put("f", List.of(new Routine("public", Set.of("stable"), false)));
        assertThat(added(known(), select("public", "m")))
                .containsExactly("sql:select on table public.m", "sql:select on table public.t (through-view)");
        assertThat(added(known(), Effect.of("sql:refresh", new Resource("table", path("m")))))
                .contains("sql:call on function public.f (stable, through-view)");
    }

    @Test
    void anExtensionsOverloadIsSaidToBeOne() throws NotUnderstood {
        operators.put("=", List.of(new Routine("public", Set.of("immutable", "extension"), false)));
        functions.put(
                "lower",
                List.of(
                        new Routine("aside", Set.of("volatile"), false),
                        new Routine("pg_catalog", Set.of("immutable"), false)));
        assertThat(overloads("SELECT lower('x') WHERE 1 = 2"))
                .containsExactly("sql:call on operator public.\"=\" (extension, immutable)");
    }

    @Test
    void ofSeveralTheWorstIsBelieved() {
        assertThat(Routine.worst(List.of(Set.of("immutable", "extension"), Set.of("stable"))))
                .containsExactly("stable");
        assertThat(Routine.worst(List.of(Set.of("stable"), Set.of("volatile", "security-definer"))))
                .containsExactlyInAnyOrder("volatile", "security-definer");
        assertThat(Routine.worst(List.of(Set.of("immutable", "extension"))))
                .containsExactlyInAnyOrder("immutable", "extension");
    }

    private void view(String name, String reads) {
        views.put(path(name), new View(false, Set.of(path(reads)), Set.of()));
    }

    private Known known() {
        return new Known.Taken(new Snapshot(1, views, functions, operators));
    }

    private static List<String> path(String name) {
        return List.of("public", name);
    }

    private static Effect select(String schema, String table) {
        return Effect.of("sql:select", new Resource("table", List.of(schema, table)));
    }

    private static List<String> added(Known known, Effect effect) {
        Set<Effect> all = new LinkedHashSet<>();
        new SnapshotEffects(known, SCHEMAS).add(effect, all);
        return all.stream().map(Effect::described).toList();
    }

    private List<String> overloads(String text) throws NotUnderstood {
        Set<Effect> all = new LinkedHashSet<>();
        for (Statement statement : READER.read(text).statements()) {
            new SnapshotEffects(known(), SCHEMAS).overloads(statement, all);
        }
        return all.stream().map(Effect::described).toList();
    }
}
