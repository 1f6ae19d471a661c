package io.countersign.postgres.split;

import io.countersign.postgres.split.Code.Block;
import io.countersign.postgres.split.Code.Function;
import io.countersign.postgres.split.Code.Jump;
import io.countersign.postgres.split.Code.Local;
import io.countersign.postgres.split.Code.Plain;
import io.countersign.postgres.split.Code.Statement;
import java.util.ArrayList;
import java.util.List;

/** Writes a function's code (§5.4). Where a jump goes to is a number of blocks to leave, counted only now. */
final class CodeWriter {

    private final Bytes.Writer out = new Bytes.Writer();
    private final List<Block> enclosing = new ArrayList<>();

    private CodeWriter() {}

    static byte[] bytes(Function function) {
        CodeWriter writer = new CodeWriter();
        writer.locals(function.locals.subList(function.type.params().size(), function.locals.size()));
        writer.block(function.body);
        if (function.body.result >= 0) {
            writer.out.u8(Code.GET).u32(function.body.result);
        }
        return writer.out.u8(Code.END).bytes();
    }

    private void locals(List<Integer> types) {
        List<int[]> runs = new ArrayList<>();
        for (int type : types) {
            if (runs.isEmpty() || runs.getLast()[1] != type) {
                runs.add(new int[] {0, type});
            }
            runs.getLast()[0]++;
        }
        out.u32(runs.size());
        runs.forEach(run -> out.u32(run[0]).u8(run[1]));
    }

    private void block(Block block) {
        out.u8(block.code).u8(Code.VOID);
        enclosing.add(block);
        statements(block.body);
        if (!block.otherwise.isEmpty()) {
            out.u8(Code.ELSE);
            statements(block.otherwise);
        }
        enclosing.removeLast();
        out.u8(Code.END);
    }

    private void statements(List<Statement> statements) {
        for (Statement statement : statements) {
            for (Code.Node node : statement.nodes) {
                switch (node) {
                    case Plain plain -> out.raw(plain.encoding());
                    case Local local -> out.u8(local.code()).u32(local.index());
                    case Jump jump -> jump(jump);
                    case Block block -> block(block);
                }
            }
        }
    }

    private void jump(Jump jump) {
        out.u8(jump.code());
        if (jump.code() == Code.BR_TABLE) {
            out.u32(jump.targets().size() - 1);
        }
        for (Block target : jump.targets()) {
            int depth = enclosing.lastIndexOf(target);
            if (depth < 0) {
                throw new IllegalStateException("a jump to a block that does not enclose it");
            }
            out.u32(enclosing.size() - 1 - depth);
        }
    }
}
