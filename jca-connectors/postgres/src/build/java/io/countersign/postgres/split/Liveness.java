package io.countersign.postgres.split;

import io.countersign.postgres.split.Code.Block;
import io.countersign.postgres.split.Code.Function;
import io.countersign.postgres.split.Code.Jump;
import io.countersign.postgres.split.Code.Local;
import io.countersign.postgres.split.Code.Node;
import io.countersign.postgres.split.Code.Plain;
import io.countersign.postgres.split.Code.Statement;
import java.util.BitSet;
import java.util.List;

/** Works out, backwards over the tree, which locals matter at each point: those whose value there can still be read. */
final class Liveness {

    private Liveness() {}

    static void workOut(Function function) {
        BitSet result = new BitSet();
        if (function.body.result >= 0) {
            result.set(function.body.result);
        }
        before(function.body, result);
    }

    private static BitSet before(List<Statement> list, BitSet after) {
        BitSet live = (BitSet) after.clone();
        for (Statement statement : list.reversed()) {
            for (Node node : statement.nodes.reversed()) {
                live = before(node, live);
            }
            statement.before = (BitSet) live.clone();
        }
        return live;
    }

    private static BitSet before(Node node, BitSet live) {
        switch (node) {
            case Plain plain -> {
                if (plain.code() == Code.UNREACHABLE) {
                    live.clear();
                }
            }
            case Local local -> live.set(local.index(), local.code() == Code.GET);
            case Jump jump -> {
                if (jump.code() != Code.BR_IF) {
                    live.clear();
                }
                jump.targets().forEach(target -> live.or(target.atLabel));
            }
            case Block block -> {
                return before(block, live);
            }
        }
        return live;
    }

    private static BitSet before(Block block, BitSet after) {
        block.atEnd = (BitSet) after.clone();
        if (block.code == Code.LOOP) {
            return beforeLoop(block, after);
        }
        block.atLabel = (BitSet) after.clone();
        BitSet live = before(block.body, after);
        if (block.code == Code.IF) {
            live.or(before(block.otherwise, after));
        }
        return live;
    }

    /** What matters at a loop's start matters at each jump back to it: repeated until nothing is added. */
    private static BitSet beforeLoop(Block loop, BitSet after) {
        BitSet live = before(loop.body, after);
        while (!live.equals(loop.atLabel)) {
            loop.atLabel.or(live);
            live = before(loop.body, after);
            live.or(loop.atLabel);
        }
        return live;
    }
}
