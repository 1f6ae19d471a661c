package io.countersign.postgres.split;

import io.countersign.postgres.split.Code.Block;
import io.countersign.postgres.split.Code.Jump;
import io.countersign.postgres.split.Code.Local;
import io.countersign.postgres.split.Code.Node;
import io.countersign.postgres.split.Code.Plain;
import io.countersign.postgres.split.Code.Statement;
import java.util.List;

/** Estimates how many bytes of JVM code Chicory makes of code: a little more rather than less. */
final class Size {

    /** Aimed at. The longest method that came of it had 4,750 bytes; HotSpot's limit is 8,000. */
    static final int BUDGET = 6_000;

    private Size() {}

    static int of(List<Statement> list) {
        int size = 0;
        for (Statement statement : list) {
            size += of(statement);
        }
        return size;
    }

    static int of(Statement statement) {
        int size = 0;
        for (Node node : statement.nodes) {
            size += of(node);
        }
        return size;
    }

    private static int of(Node node) {
        return switch (node) {
            case Local local -> local.code() == Code.TEE ? 3 : 2;
            case Jump jump ->
                jump.code() == Code.BR_TABLE ? 20 + 4 * jump.targets().size() : 6;
            case Block block -> of(block.body) + of(block.otherwise) + (block.code == Code.IF ? 6 : 0);
            case Plain plain -> of(plain.code());
        };
    }

    private static int of(int code) {
        return switch (code) {
            case Code.CALL, Code.CALL_INDIRECT -> 11;
            case Code.GLOBAL_GET, Code.GLOBAL_SET, 0x1b -> 9;
            case 0x2d, 0x2f -> 13; // unsigned loads mask
            case Code.CONST, 0x42, 0x43, 0x44 -> 3;
            default -> code >= 0x28 && code <= 0x3e ? 9 : 4;
        };
    }
}
