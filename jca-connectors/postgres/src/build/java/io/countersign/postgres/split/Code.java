package io.countersign.postgres.split;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** A function's code as a tree. Blocks have no results here: a local carries what they would leave on the operand stack. */
final class Code {

    static final int UNREACHABLE = 0x00;
    static final int BLOCK = 0x02;
    static final int LOOP = 0x03;
    static final int IF = 0x04;
    static final int ELSE = 0x05;
    static final int END = 0x0b;
    static final int BR = 0x0c;
    static final int BR_IF = 0x0d;
    static final int BR_TABLE = 0x0e;
    static final int RETURN = 0x0f;
    static final int CALL = 0x10;
    static final int CALL_INDIRECT = 0x11;
    static final int GET = 0x20;
    static final int SET = 0x21;
    static final int TEE = 0x22;
    static final int GLOBAL_GET = 0x23;
    static final int GLOBAL_SET = 0x24;
    static final int LOAD = 0x28;
    static final int CONST = 0x41;
    static final int LT_U = 0x49;
    static final int SUB = 0x6b;
    static final int SHL = 0x74;
    static final int SHR_U = 0x76;

    static final int VOID = 0x40;
    static final int I32 = 0x7f;

    private Code() {}

    sealed interface Node {}

    /** Any instruction that neither jumps nor touches a local, with its immediates. */
    record Plain(int code, byte[] encoding) implements Node {}

    record Local(int code, int index) implements Node {}

    /** {@code br}, {@code br_if}, {@code br_table}; {@code return} is a {@code br} to the function's own block. */
    record Jump(int code, List<Block> targets) implements Node {

        Block target() {
            return targets.getFirst();
        }
    }

    /** {@code block}, {@code loop} or {@code if}; the target of jumps. */
    static final class Block implements Node {

        final int code;
        List<Statement> body = new ArrayList<>();
        List<Statement> otherwise = new ArrayList<>();

        /** The local that carries its result, or -1. */
        int result = -1;

        /** Which locals matter to who jumps here, and who comes to the end of the body. */
        BitSet atLabel = new BitSet();

        BitSet atEnd = new BitSet();

        /** Whether it ends where a segment of a ladder starts, and whether it is part of a ladder that was cut. */
        boolean segment;

        boolean cut;

        /** The least budget that it was fitted to already: a second try would change nothing. */
        int fitted = Integer.MAX_VALUE;

        Block(int code) {
            this.code = code;
        }
    }

    /** A shortest run of instructions between two points where the operand stack is as the block found it. */
    static final class Statement {

        final List<Node> nodes;
        BitSet before = new BitSet();

        Statement(Node... nodes) {
            this(new ArrayList<>(Arrays.asList(nodes)));
        }

        Statement(List<Node> nodes) {
            this.nodes = nodes;
        }

        /** Whether nothing comes after it. */
        boolean endsFlow() {
            return switch (nodes.getLast()) {
                case Jump jump -> jump.code != BR_IF;
                case Plain plain -> plain.code == UNREACHABLE;
                case Local local -> false;
                case Block block -> false;
            };
        }
    }

    record Type(List<Integer> params, List<Integer> results) {}

    /** A function; its block's result is its own. */
    static final class Function {

        final Type type;
        final List<Integer> locals;
        final Block body = new Block(BLOCK);

        Function(Type type) {
            this.type = type;
            this.locals = new ArrayList<>(type.params);
        }

        int newLocal(int valueType) {
            locals.add(valueType);
            return locals.size() - 1;
        }
    }

    static Plain plain(int code, int immediate) {
        Bytes.Writer encoding = new Bytes.Writer().u8(code);
        return new Plain(code, (code == CONST ? encoding.s32(immediate) : encoding.u32(immediate)).bytes());
    }

    static Plain plain(int code) {
        return new Plain(code, new byte[] {(byte) code});
    }

    static Plain number(int value) {
        return plain(CONST, value);
    }

    static Jump jump(int code, Block target) {
        return new Jump(code, List.of(target));
    }

    /** What to do if the operand on the stack is not zero. */
    static Block when(List<Node> nodes) {
        Block block = new Block(IF);
        block.body.add(new Statement(new ArrayList<>(nodes)));
        return block;
    }
}
