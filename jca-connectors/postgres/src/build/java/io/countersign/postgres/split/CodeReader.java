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
import java.util.List;

/** Reads a function's code (§5.4). Results of blocks become locals; code that cannot be reached is dropped. */
final class CodeReader {

    private final WasmModule module;
    private final Bytes.Reader reader;
    private final Function function;
    private final List<Block> enclosing = new ArrayList<>();

    CodeReader(WasmModule module, byte[] code, Type type) {
        this.module = module;
        this.reader = new Bytes.Reader(code);
        this.function = new Function(type);
    }

    Function function() {
        for (int runs = reader.u32(); runs > 0; runs--) {
            int count = reader.u32();
            int type = reader.u8();
            for (int i = 0; i < count; i++) {
                function.newLocal(type);
            }
        }
        int type = function.type.results().isEmpty()
                ? Code.VOID
                : function.type.results().getFirst();
        block(function.body, type);
        return function;
    }

    private void block(Block block, int type) {
        block.result = type == Code.VOID ? -1 : function.newLocal(type);
        enclosing.add(block);
        if (statements(block.body, block) == Code.ELSE) {
            statements(block.otherwise, block);
        }
        enclosing.removeLast();
    }

    /** Reads up to the matching {@code end} or {@code else}, which it answers. */
    private int statements(List<Statement> into, Block block) {
        List<Node> nodes = new ArrayList<>();
        int height = 0;
        boolean dead = false;
        while (true) {
            int start = reader.position();
            int code = reader.u8();
            if (code == Code.END || code == Code.ELSE) {
                if (!nodes.isEmpty()) {
                    nodes.add(new Local(Code.SET, block.result));
                    into.add(new Statement(nodes));
                }
                return code;
            }
            int change = instruction(code, start, nodes);
            if (dead) {
                nodes.clear();
                continue;
            }
            height += change;
            boolean ends = new Statement(nodes).endsFlow();
            if (ends || height == 0) {
                into.add(new Statement(nodes));
                nodes = new ArrayList<>();
                dead = ends;
            }
        }
    }

    /** Adds what an instruction is, and answers by how much it changes the operand stack's height. */
    private int instruction(int code, int start, List<Node> into) {
        switch (code) {
            case Code.BLOCK, Code.LOOP, Code.IF -> {
                Block block = new Block(code);
                block(block, reader.u8());
                into.add(block);
                if (block.result >= 0) {
                    into.add(new Local(Code.GET, block.result));
                }
                return (block.result >= 0 ? 1 : 0) - (code == Code.IF ? 1 : 0);
            }
            case Code.BR, Code.BR_IF, Code.BR_TABLE, Code.RETURN -> {
                jump(code, into);
                return code == Code.BR_IF ? -1 : 0;
            }
            case Code.GET, Code.SET, Code.TEE -> {
                into.add(new Local(code, reader.u32()));
                return code == Code.GET ? 1 : code == Code.SET ? -1 : 0;
            }
            case Code.CALL, Code.CALL_INDIRECT -> {
                int index = reader.u32();
                Type type = code == Code.CALL ? module.type(index) : module.typeAt(index);
                int table = code == Code.CALL ? 0 : 1 + reader.u32();
                into.add(new Plain(code, reader.since(start)));
                return type.results().size() - type.params().size() - table;
            }
            default -> {
                int change = immediates(code);
                into.add(new Plain(code, reader.since(start)));
                return change;
            }
        }
    }

    private void jump(int code, List<Node> into) {
        List<Block> targets = new ArrayList<>();
        if (code == Code.RETURN) {
            targets.add(enclosing.getFirst());
        } else {
            for (int i = code == Code.BR_TABLE ? reader.u32() : 0; i >= 0; i--) {
                targets.add(enclosing.get(enclosing.size() - 1 - reader.u32()));
            }
        }
        int result = targets.getFirst().code == Code.LOOP ? -1 : targets.getFirst().result;
        if (result >= 0) {
            switch (code) {
                case Code.BR, Code.RETURN -> into.add(new Local(Code.SET, result));
                case Code.BR_IF -> {
                    int condition = function.newLocal(Code.I32);
                    into.add(new Local(Code.SET, condition));
                    into.add(new Local(Code.TEE, result));
                    into.add(new Local(Code.GET, condition));
                }
                default -> throw new IllegalStateException("a br_table with a result");
            }
        }
        into.add(new Jump(code == Code.RETURN ? Code.BR : code, targets));
    }

    /** Steps over an instruction's immediates, and answers by how much it changes the operand stack's height. */
    private int immediates(int code) {
        if (code == Code.UNREACHABLE || code == 0x01) {
            return 0;
        } else if (code == 0x1a) {
            return -1; // drop
        } else if (code == 0x1b) {
            return -2; // select
        } else if (code == Code.GLOBAL_GET || code == Code.GLOBAL_SET) {
            reader.u32();
            return code == Code.GLOBAL_GET ? 1 : -1;
        } else if (code >= 0x28 && code <= 0x3e) {
            reader.u32();
            reader.u32();
            return code <= 0x35 ? 0 : -2; // loads, stores
        } else if (code == 0x3f || code == 0x40) {
            reader.u8();
            return code == 0x3f ? 1 : 0; // memory.size, memory.grow
        } else if (code == Code.CONST || code == 0x42) {
            reader.leb128(true);
            return 1;
        } else if (code == 0x43 || code == 0x44) {
            reader.take(code == 0x43 ? 4 : 8);
            return 1;
        } else if (code >= 0x45 && code <= 0xc4) {
            return unary(code) ? 0 : -1;
        } else if (code == 0xfc) {
            return bulk(reader.u32());
        }
        throw new IllegalStateException("instruction " + Integer.toHexString(code) + " is not known");
    }

    private static boolean unary(int code) {
        return code == 0x45
                || code == 0x50
                || (code >= 0x67 && code <= 0x69)
                || (code >= 0x79 && code <= 0x7b)
                || (code >= 0x8b && code <= 0x91)
                || (code >= 0x99 && code <= 0x9f)
                || code >= 0xa7;
    }

    private int bulk(int code) {
        switch (code) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> {
                return 0; // conversions
            }
            case 10, 11 -> {
                reader.take(code == 10 ? 2 : 1);
                return -3; // memory.copy, memory.fill
            }
            default -> throw new IllegalStateException("instruction fc " + code + " is not known");
        }
    }
}
