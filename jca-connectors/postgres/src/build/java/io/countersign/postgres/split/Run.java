package io.countersign.postgres.split;

import io.countersign.postgres.split.Code.Block;
import io.countersign.postgres.split.Code.Function;
import io.countersign.postgres.split.Code.Jump;
import io.countersign.postgres.split.Code.Local;
import io.countersign.postgres.split.Code.Node;
import io.countersign.postgres.split.Code.Plain;
import io.countersign.postgres.split.Code.Statement;
import io.countersign.postgres.split.Code.Type;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Consecutive statements that may move into a helper, and what crosses their border. */
final class Run {

    private final WasmModule module;
    private final Function function;
    private final List<Statement> list;
    private final int from;
    private final List<Statement> statements;
    private final BitSet after;
    private final List<Integer> inputs;
    private final List<Integer> outputs;
    private final List<Block> exits;
    private final boolean fallsThrough;

    /**
     * @param list  where they stand, from an index up to another
     * @param after the locals that matter behind them
     */
    Run(WasmModule module, Function function, List<Statement> list, int from, int to, BitSet after) {
        this.module = module;
        this.function = function;
        this.list = list;
        this.from = from;
        this.statements = List.copyOf(list.subList(from, to));
        this.after = after;
        this.fallsThrough = !statements.getLast().endsFlow();
        Set<Block> inside = new LinkedHashSet<>();
        Set<Block> targets = new LinkedHashSet<>();
        BitSet reads = new BitSet();
        BitSet writes = new BitSet();
        survey(statements, inside, targets, reads, writes);
        targets.removeAll(inside);
        this.exits = List.copyOf(targets);
        BitSet wanted = new BitSet();
        if (fallsThrough) {
            wanted.or(after);
        }
        exits.forEach(exit -> wanted.or(exit.atLabel));
        writes.and(wanted);
        // An output that is not written on every way must come back as it was.
        reads.or(writes);
        reads.and(statements.getFirst().before);
        this.outputs = writes.stream().boxed().toList();
        this.inputs = reads.stream().boxed().toList();
    }

    private static void survey(
            List<Statement> list, Set<Block> blocks, Set<Block> targets, BitSet reads, BitSet writes) {
        for (Statement statement : list) {
            for (Node node : statement.nodes) {
                switch (node) {
                    case Plain plain -> {}
                    case Local local -> (local.code() == Code.GET ? reads : writes).set(local.index());
                    case Jump jump -> targets.addAll(jump.targets());
                    case Block block -> {
                        blocks.add(block);
                        survey(block.body, blocks, targets, reads, writes);
                        survey(block.otherwise, blocks, targets, reads, writes);
                    }
                }
            }
        }
    }

    private int ends() {
        return exits.size() + (fallsThrough ? 1 : 0);
    }

    /** Whether the helper must say where to go on. */
    private boolean answers() {
        return ends() > 1;
    }

    /** Bytes of JVM code that the function loses by the move. */
    int saving() {
        int call = 16 + 2 * inputs.size() + 12 * outputs.size() + (ends() > 2 ? 20 + 4 * ends() : 6);
        return Size.of(statements) - call;
    }

    /** Puts a call of a helper in their place; what stands behind them moves up. */
    void move() {
        Statement call = call(module.add(helper()));
        list.subList(from + 1, from + statements.size()).clear();
        list.set(from, call);
    }

    private Statement call(int helper) {
        BitSet before = statements.getFirst().before;
        Statement call = new Statement();
        call.before = before;
        inputs.forEach(input -> call.nodes.add(new Local(Code.GET, input)));
        call.nodes.add(Code.plain(Code.CALL, helper));
        transfer((global, output) -> {
            call.nodes.add(Code.plain(Code.GLOBAL_GET, global));
            call.nodes.add(new Local(Code.SET, output));
        });
        if (!answers()) {
            if (!fallsThrough) {
                call.nodes.add(exits.isEmpty() ? Code.plain(Code.UNREACHABLE) : Code.jump(Code.BR, exits.getFirst()));
            }
            return call;
        }
        if (fallsThrough && exits.size() == 1) {
            call.nodes.add(Code.jump(Code.BR_IF, exits.getFirst()));
            return call;
        }
        List<Block> table = new ArrayList<>(exits);
        table.add(exits.getLast());
        if (!fallsThrough) {
            call.nodes.add(new Jump(Code.BR_TABLE, table));
            return call;
        }
        Block around = new Block(Code.BLOCK);
        around.atLabel = after;
        around.atEnd = after;
        table.addFirst(around);
        call.nodes.add(new Jump(Code.BR_TABLE, table));
        around.body.add(call);
        Statement whole = new Statement(around);
        whole.before = before;
        return whole;
    }

    /** Pairs each local that comes back with the global that it travels in. */
    private void transfer(BiConsumer<Integer, Integer> pair) {
        Map<Integer, Integer> used = new HashMap<>();
        for (int output : outputs) {
            int type = function.locals.get(output);
            pair.accept(module.global(type, used.merge(type, 1, Integer::sum) - 1), output);
        }
    }

    private Function helper() {
        List<Integer> params = inputs.stream().map(function.locals::get).toList();
        Function helper = new Function(new Type(params, answers() ? List.of(Code.I32) : List.of()));
        Mover mover = new Mover(helper);
        mover.done.body = mover.moved(statements);
        helper.body.body.add(new Statement(mover.done));
        transfer((global, output) -> helper.body.body.add(
                new Statement(new Local(Code.GET, mover.renamed(output)), Code.plain(Code.GLOBAL_SET, global))));
        return helper;
    }

    /** Rewrites statements for their new home: locals renumbered, jumps out of the run turned into answers. */
    private final class Mover {

        private final Function helper;
        private final Map<Integer, Integer> names = new HashMap<>();
        private final Block done = new Block(Code.BLOCK);

        Mover(Function helper) {
            this.helper = helper;
            inputs.forEach(input -> names.put(input, names.size()));
            if (answers()) {
                helper.body.result = helper.newLocal(Code.I32);
            }
        }

        int renamed(int local) {
            return names.computeIfAbsent(local, l -> helper.newLocal(function.locals.get(l)));
        }

        List<Statement> moved(List<Statement> list) {
            List<Statement> result = new ArrayList<>();
            list.forEach(statement -> result.add(moved(statement)));
            return result;
        }

        private Statement moved(Statement statement) {
            Statement result = new Statement();
            Map<Block, Block> stops = new LinkedHashMap<>();
            for (Node node : statement.nodes) {
                switch (node) {
                    case Plain plain -> result.nodes.add(plain);
                    case Local local -> result.nodes.add(new Local(local.code(), renamed(local.index())));
                    case Jump jump -> result.nodes.addAll(moved(jump, stops));
                    case Block block -> {
                        block.body = moved(block.body);
                        block.otherwise = moved(block.otherwise);
                        result.nodes.add(block);
                    }
                }
            }
            for (Map.Entry<Block, Block> stop : stops.entrySet()) {
                stop.getValue().body.add(result);
                result = new Statement(stop.getValue());
                result.nodes.addAll(answer(stop.getKey()));
            }
            return result;
        }

        /** A switch stops at a block around its statement, behind which the answer is given. */
        private List<Node> moved(Jump jump, Map<Block, Block> stops) {
            if (jump.targets().stream().noneMatch(exits::contains)) {
                return List.of(jump);
            }
            if (jump.code() == Code.BR_TABLE) {
                List<Block> targets = new ArrayList<>();
                for (Block target : jump.targets()) {
                    boolean exit = exits.contains(target);
                    targets.add(exit ? stops.computeIfAbsent(target, t -> new Block(Code.BLOCK)) : target);
                }
                return List.of(new Jump(Code.BR_TABLE, targets));
            }
            List<Node> answer = answer(jump.target());
            return jump.code() == Code.BR ? answer : List.of(Code.when(answer));
        }

        private List<Node> answer(Block exit) {
            List<Node> nodes = new ArrayList<>();
            if (answers()) {
                nodes.add(Code.number(exits.indexOf(exit) + (fallsThrough ? 1 : 0)));
                nodes.add(new Local(Code.SET, helper.body.result));
            }
            nodes.add(Code.jump(Code.BR, done));
            return nodes;
        }
    }
}
