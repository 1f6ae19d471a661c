package io.countersign.postgres.split;

import io.countersign.postgres.split.Code.Block;
import io.countersign.postgres.split.Code.Function;
import io.countersign.postgres.split.Code.Jump;
import io.countersign.postgres.split.Code.Local;
import io.countersign.postgres.split.Code.Node;
import io.countersign.postgres.split.Code.Plain;
import io.countersign.postgres.split.Code.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts big switches, which are ladders {@code L0{ L1{ … Ln{ inner } Cn-1 … } C1 } C0}: to jump to {@code Li} is to go on with
 * {@code Ci-1}, and from there downwards.
 *
 * <p>A ladder becomes the same over segments of consecutive steps. Who jumped to {@code Li} from elsewhere now sets the local
 * {@code step} to i and jumps to the start of its segment, where a short switch goes on to the step itself.
 */
final class Ladders {

    /** Steps from which a ladder is worth cutting as one. */
    private static final int FEWEST = 8;

    /** A value of {@code step} is the segment's number, shifted, and the step's. */
    private static final int SHIFT = 16;

    private final WasmModule module;
    private final Function function;

    Ladders(WasmModule module, Function function) {
        this.module = module;
        this.function = function;
    }

    /** Cuts the ladders in a block, outer ones first. */
    void cut(Block block) {
        List<Block> rungs = rungs(block);
        if (!block.cut && block.code == Code.BLOCK && rungs.size() > FEWEST && Size.of(block.body) > Size.BUDGET) {
            new Ladder(rungs).cut();
        }
        for (List<Statement> list : List.of(block.body, block.otherwise)) {
            for (Statement statement : list) {
                for (Node node : statement.nodes) {
                    if (node instanceof Block inner) {
                        cut(inner);
                    }
                }
            }
        }
    }

    private static List<Block> rungs(Block block) {
        List<Block> rungs = new ArrayList<>(List.of(block));
        while (!rungs.getLast().body.isEmpty()) {
            List<Node> first = rungs.getLast().body.getFirst().nodes;
            if (first.size() > 1 || !(first.getFirst() instanceof Block next) || next.code != Code.BLOCK) {
                break;
            }
            rungs.add(next);
        }
        return rungs;
    }

    private final class Ladder {

        private final List<Block> rungs;
        private final int last;
        private final int step = function.newLocal(Code.I32);
        private final Map<Block, Integer> numbers = new IdentityHashMap<>();

        /** What follows rung i, by i. */
        private final List<List<Statement>> codes = new ArrayList<>();

        /** By the number of the step's rung. */
        private final int[] segmentOf;

        /** By segment: the block that ends where the segment starts. */
        private final Block[] starts;

        Ladder(List<Block> rungs) {
            this.rungs = rungs;
            this.last = rungs.size() - 1;
            codes.add(List.of());
            for (int i = 1; i <= last; i++) {
                List<Statement> outer = rungs.get(i - 1).body;
                numbers.put(rungs.get(i), i);
                codes.add(new ArrayList<>(outer.subList(1, outer.size())));
            }
            segmentOf = new int[last + 1];
            int segment = 0;
            int room = Size.BUDGET;
            for (int i = last; i >= 1; i--) {
                int size = 8 + Math.min(Size.of(codes.get(i)), Size.BUDGET);
                if (size > room && i < last) {
                    segment++;
                    room = Size.BUDGET;
                }
                room -= size;
                segmentOf[i] = segment;
            }
            starts = new Block[segment + 1];
            for (int s = 0; s <= segment; s++) {
                starts[s] = new Block(Code.BLOCK);
                starts[s].segment = true;
                starts[s].cut = true;
            }
        }

        void cut() {
            List<Statement> nested = rungs.getLast().body;
            redirect(nested, -1);
            goOn(nested, last);
            int high = last;
            for (int s = 0; s < starts.length; s++) {
                int low = high;
                while (low > 1 && segmentOf[low - 1] == s) {
                    low--;
                }
                starts[s].body = nested;
                nested = new ArrayList<>(List.of(new Statement(starts[s])));
                nested.addAll(segment(s, low, high));
                high = low - 1;
            }
            rungs.getFirst().body = nested;
            rungs.getFirst().cut = true;
        }

        /** The steps from high down to low, with a switch in front if there are several. */
        private List<Statement> segment(int s, int low, int high) {
            List<Statement> steps = new ArrayList<>();
            if (low < high) {
                List<Block> targets = new ArrayList<>(rungs.subList(low, high + 1));
                targets.add(rungs.get(high));
                steps.add(new Statement(
                        new Local(Code.GET, step),
                        Code.number(s << SHIFT | low),
                        Code.plain(Code.SUB),
                        new Jump(Code.BR_TABLE, targets)));
            }
            for (int i = high; i >= low; i--) {
                if (low < high) {
                    rungs.get(i).body = steps;
                    rungs.get(i).cut = true;
                    steps = new ArrayList<>(List.of(new Statement(rungs.get(i))));
                }
                redirect(codes.get(i), s);
                steps.addAll(codes.get(i));
            }
            if (low > 1) {
                goOn(steps, low - 1);
            }
            return steps;
        }

        /** Where code ends, the next step follows. */
        private void goOn(List<Statement> list, int next) {
            if (list.isEmpty() || !list.getLast().endsFlow()) {
                list.add(new Statement(Code.number(value(next)), new Local(Code.SET, step)));
            }
        }

        private int value(int number) {
            return segmentOf[number] << SHIFT | number;
        }

        /** Rewrites jumps to steps of other segments. */
        private void redirect(List<Statement> list, int segment) {
            for (Statement statement : list) {
                List<Node> nodes = List.copyOf(statement.nodes);
                statement.nodes.clear();
                for (Node node : nodes) {
                    if (node instanceof Block block) {
                        redirect(block.body, segment);
                        redirect(block.otherwise, segment);
                    }
                    if (node instanceof Jump jump
                            && jump.targets().stream().anyMatch(target -> isElsewhere(target, segment))) {
                        statement.nodes.addAll(redirected(jump, segment));
                    } else {
                        statement.nodes.add(node);
                    }
                }
            }
        }

        private boolean isElsewhere(Block target, int segment) {
            Integer number = numbers.get(target);
            return number != null && segmentOf[number] != segment;
        }

        private List<Node> redirected(Jump jump, int segment) {
            if (jump.code() == Code.BR_TABLE) {
                return redirectedTable(jump, segment);
            }
            int number = numbers.get(jump.target());
            List<Node> go = List.of(
                    Code.number(value(number)),
                    new Local(Code.SET, step),
                    Code.jump(Code.BR, starts[segmentOf[number]]));
            return jump.code() == Code.BR ? go : List.of(Code.when(go));
        }

        /**
         * Index → step by a table in memory, step → segment by a switch: that is one entry of JVM code for a segment and not for
         * each of thousands of indexes. Targets that are no steps, or near, are segments of their own here.
         */
        private List<Node> redirectedTable(Jump jump, int segment) {
            List<Block> segments = new ArrayList<>(Arrays.asList(starts));
            Map<Block, Integer> others = new IdentityHashMap<>();
            int[] values = jump.targets().stream()
                    .mapToInt(target -> {
                        if (isElsewhere(target, segment)) {
                            return value(numbers.get(target));
                        }
                        Integer known = others.putIfAbsent(target, segments.size());
                        if (known == null) {
                            segments.add(target);
                        }
                        return others.get(target) << SHIFT;
                    })
                    .toArray();
            int otherwise = values[values.length - 1];
            Block never = segments.get(otherwise >> SHIFT);
            // Segments before this one cannot be jumped to from here, and are not.
            segments.subList(0, segment + 1).replaceAll(before -> never);
            segments.add(never);

            int index = function.newLocal(Code.I32);
            int address = module.addTable(Arrays.copyOf(values, values.length - 1));
            byte[] load = new Bytes.Writer().u8(Code.LOAD).u8(2).u32(address).bytes();
            Block known = Code.when(List.of(
                    new Local(Code.GET, index),
                    Code.number(2),
                    Code.plain(Code.SHL),
                    new Plain(Code.LOAD, load),
                    new Local(Code.SET, step)));
            known.otherwise.add(new Statement(Code.number(otherwise), new Local(Code.SET, step)));
            return List.of(
                    new Local(Code.TEE, index),
                    Code.number(values.length - 1),
                    Code.plain(Code.LT_U),
                    known,
                    new Local(Code.GET, step),
                    Code.number(SHIFT),
                    Code.plain(Code.SHR_U),
                    new Jump(Code.BR_TABLE, segments));
        }
    }
}
