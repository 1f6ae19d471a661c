package io.countersign.postgres.split;

import io.countersign.postgres.split.Code.Block;
import io.countersign.postgres.split.Code.Function;
import io.countersign.postgres.split.Code.Node;
import io.countersign.postgres.split.Code.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Moves runs of statements into helpers until what is left fits, innermost blocks first. */
final class Helpers {

    /** No use in making blocks smaller than this. */
    private static final int LEAST = 64;

    private final WasmModule module;
    private final Function function;

    Helpers(WasmModule module, Function function) {
        this.module = module;
        this.function = function;
    }

    void fit(Block block, int budget) {
        if (block.fitted > budget) {
            block.fitted = budget;
            fit(block.body, block.atEnd, budget);
            fit(block.otherwise, block.atEnd, budget);
        }
    }

    private void fit(List<Statement> list, BitSet atEnd, int budget) {
        boolean ladder = !list.isEmpty() && list.getFirst().nodes.getFirst() instanceof Block first && first.segment;
        if (ladder) {
            fitWithin(list.getFirst(), budget);
        }
        for (Statement statement : list) {
            for (int part = budget; part > LEAST && Size.of(statement) > budget; part /= 2) {
                fitWithin(statement, part);
            }
        }
        if (ladder) {
            // Segments move whether they must or not, so that each is a single call away.
            runs(list.subList(1, list.size()), atEnd).reversed().stream()
                    .filter(run -> run.saving() > 0)
                    .forEach(Run::move);
        }
        while (Size.of(list) > budget) {
            Optional<Run> best = runs(list, atEnd).stream().max(Comparator.comparingInt(Run::saving));
            if (best.isEmpty() || best.get().saving() <= 0) {
                return;
            }
            best.get().move();
        }
    }

    private void fitWithin(Statement statement, int budget) {
        for (Node node : statement.nodes) {
            if (node instanceof Block block) {
                fit(block, budget);
            }
        }
    }

    /** Longest runs, from the front, that fit into a helper. */
    private List<Run> runs(List<Statement> list, BitSet atEnd) {
        List<Run> runs = new ArrayList<>();
        int from = 0;
        int size = 0;
        for (int i = 0; i <= list.size(); i++) {
            int next = i < list.size() ? Size.of(list.get(i)) : Size.BUDGET;
            if (size + next > Size.BUDGET) {
                if (i > from) {
                    runs.add(run(list, from, i, atEnd));
                }
                boolean alone = next > Size.BUDGET;
                from = alone ? i + 1 : i;
                size = alone ? 0 : next;
            } else {
                size += next;
            }
        }
        return runs;
    }

    private Run run(List<Statement> list, int from, int to, BitSet atEnd) {
        return new Run(module, function, list, from, to, to < list.size() ? list.get(to).before : atEnd);
    }
}
