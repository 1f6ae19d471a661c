import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;

/**
 * Makes PostgreSQL's parser fit the JVM: cuts functions that are too long for it into helper functions, and shrinks the
 * stack that emscripten reserves.
 *
 * <p>The JVM refuses a method over 65,535 bytes (JVMS §4.7.3) and HotSpot never compiles one over 8,000
 * ({@code HugeMethodLimit}). Reads and writes the WebAssembly core specification's binary format (version 1, with the
 * bulk-memory and sign-extension instructions) by itself, because nothing else here can write it.
 *
 * <p>A function is cut in three steps. First its big switches: a ladder of nested blocks, one a case, becomes a short
 * ladder of segments, and the number of the case that a segment starts at travels in a local. Then liveness of locals is
 * worked out. Then runs of whole statements are moved into helpers: what a run reads are the helper's parameters, what it
 * writes and others read comes back in globals, fetched at once so that recursion and longjmp cannot disturb them, and where
 * it would have jumped to is the helper's result.
 *
 * <p>Usage: {@code SplitParser IN OUT SHA-256}.
 */
public final class SplitParser {

    /** Bytes of JVM code aimed at, by estimate; HotSpot's limit is 8,000. */
    private static final int BUDGET = 6_000;

    /** Steps of a ladder from which it is worth cutting as one. */
    private static final int LADDER = 8;

    /** A step is its segment's number, shifted, and its own. */
    private static final int SEGMENT_SHIFT = 16;

    /** Top of the stack after the cut: 9 MiB proved to outlast Java's own stack; emscripten's 32 MiB only cost memory. */
    private static final int STACK_TOP = 9 << 20;

    /** Where this build of the module starts stack (downwards) and heap (upwards), and where it keeps the latter. */
    private static final int ORIGINAL_STACK_TOP = 34_515_008;

    private static final int HEAP_START_ADDRESS = 955_984;

    /** Pages of 64 KiB at the start, and at most: 256 MiB. */
    private static final int FIRST_PAGES = 160;

    private static final int MOST_PAGES = 4_096;

    public static void main(String[] args) throws Exception {
        byte[] original = Files.readAllBytes(Path.of(args[0]));
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(original));
        if (!sha256.equals(args[2])) {
            throw new IOException(args[0] + " has SHA-256 " + sha256 + " where " + args[2] + " is expected");
        }
        // A switch of 2,000 cases is 2,000 blocks deep, and this program recurses over them.
        FutureTask<byte[]> split = new FutureTask<>(() -> {
            Module module = new Module(original);
            module.cut();
            return module.encode();
        });
        new Thread(null, split, "split", 256 << 20).start();
        Path out = Path.of(args[1]);
        Files.createDirectories(out.getParent());
        Files.write(out, split.get());
    }

    // ---------------------------------------------------------------- the code of a function as a tree

    private sealed interface Node {}

    /** Any instruction that neither jumps nor touches a local. */
    private record Plain(int code, byte[] encoding, int pops, int pushes) implements Node {}

    private record Local(int code, int index) implements Node {}

    /** {@code br}, {@code br_if}, {@code br_table}; {@code return} is a {@code br} to the function's own block. */
    private record Jump(int code, List<Block> targets) implements Node {}

    private static final class Block implements Node {
        final int code;
        final int type;
        List<Statement> body = new ArrayList<>();
        List<Statement> otherwise = new ArrayList<>();
        /** Locals whose values matter to whoever jumps here, and at the end of the body. */
        BitSet atLabel = new BitSet();

        BitSet atEnd = new BitSet();
        boolean ladderDone;
        /** Ends where a segment of a ladder starts. */
        boolean segment;
        /** The least budget that it was fitted to already; a second try would change nothing. */
        int fitted = Integer.MAX_VALUE;

        Block(int code, int type) {
            this.code = code;
            this.type = type;
        }

        boolean isVoid() {
            return type == VOID;
        }
    }

    /** A shortest run of instructions between two points where the operand stack is as the block found it. */
    private static final class Statement {
        final List<Node> nodes;
        /** Leaves a value: the last one of a block that has a result. */
        final boolean yields;

        BitSet before = new BitSet();

        Statement(List<Node> nodes, boolean yields) {
            this.nodes = nodes;
            this.yields = yields;
        }

        boolean endsFlow() {
            return switch (nodes.getLast()) {
                case Jump jump -> jump.code != BR_IF;
                case Plain plain -> plain.code == UNREACHABLE;
                case Local local -> false;
                case Block block -> false;
            };
        }
    }

    private record Type(List<Integer> params, List<Integer> results) {}

    private static final class Function {
        final Type type;
        /** Types of parameters, then of the other locals. */
        final List<Integer> locals;

        final Block body;

        Function(Type type, List<Integer> locals, Block body) {
            this.type = type;
            this.locals = locals;
            this.body = body;
        }

        int newLocal(int valueType) {
            locals.add(valueType);
            return locals.size() - 1;
        }
    }

    private static final int UNREACHABLE = 0x00;
    private static final int BLOCK = 0x02;
    private static final int LOOP = 0x03;
    private static final int IF = 0x04;
    private static final int ELSE = 0x05;
    private static final int END = 0x0b;
    private static final int BR = 0x0c;
    private static final int BR_IF = 0x0d;
    private static final int BR_TABLE = 0x0e;
    private static final int RETURN = 0x0f;
    private static final int CALL = 0x10;
    private static final int CALL_INDIRECT = 0x11;
    private static final int GET = 0x20;
    private static final int SET = 0x21;
    private static final int TEE = 0x22;
    private static final int GLOBAL_GET = 0x23;
    private static final int GLOBAL_SET = 0x24;
    private static final int LOAD = 0x28;
    private static final int CONST = 0x41;
    private static final int LT_U = 0x49;
    private static final int SUB = 0x6b;
    private static final int SHL = 0x74;
    private static final int SHR_U = 0x76;
    private static final int VOID = 0x40;
    private static final int I32 = 0x7f;

    private static Plain plain(int code, int immediate, int pops, int pushes) {
        Writer encoding = new Writer().u8(code);
        if (code == CONST) {
            encoding.s32(immediate);
        } else {
            encoding.u32(immediate);
        }
        return new Plain(code, encoding.bytes(), pops, pushes);
    }

    private static Plain plain(int code) {
        return new Plain(code, new byte[] {(byte) code}, 2, 1);
    }

    private static Plain number(int value) {
        return plain(CONST, value, 0, 1);
    }

    private static Statement statement(Node... nodes) {
        return new Statement(new ArrayList<>(Arrays.asList(nodes)), false);
    }

    private static Jump jump(int code, Block... targets) {
        return new Jump(code, List.of(targets));
    }

    // ---------------------------------------------------------------- the module

    /** Sections of the module, those that change taken apart. */
    private static final class Module {
        final Map<Integer, byte[]> sections = new LinkedHashMap<>();
        final List<Type> types = new ArrayList<>();
        final List<Integer> importedTypes = new ArrayList<>();
        final List<Integer> functionTypes = new ArrayList<>();
        final List<byte[]> codes = new ArrayList<>();
        final List<Integer> extraGlobals = new ArrayList<>();
        final Map<Integer, List<Integer>> globalsOfType = new HashMap<>();
        final ByteArrayOutputStream tables = new ByteArrayOutputStream();
        final int globals;

        Module(byte[] bytes) {
            Reader reader = new Reader(bytes, 8, bytes.length);
            while (reader.more()) {
                int id = reader.u8();
                sections.put(id, reader.take(reader.u32()));
            }
            Reader type = section(1);
            for (int i = type.u32(); i > 0; i--) {
                type.u8();
                types.add(new Type(type.valueTypes(), type.valueTypes()));
            }
            Reader imported = section(2);
            for (int i = imported.u32(); i > 0; i--) {
                imported.take(imported.u32());
                imported.take(imported.u32());
                if (imported.u8() != 0) {
                    throw new IllegalStateException("only functions are expected to be imported");
                }
                importedTypes.add(imported.u32());
            }
            Reader function = section(3);
            for (int i = function.u32(); i > 0; i--) {
                functionTypes.add(function.u32());
            }
            Reader code = section(10);
            for (int i = code.u32(); i > 0; i--) {
                codes.add(code.take(code.u32()));
            }
            globals = section(6).u32();
        }

        Reader section(int id) {
            byte[] bytes = sections.get(id);
            return new Reader(bytes, 0, bytes.length);
        }

        void cut() {
            int originals = codes.size();
            for (int i = 0; i < originals; i++) {
                Function function = decode(types.get(functionTypes.get(i)), codes.get(i));
                int size = Size.of(function.body.body);
                if (size > BUDGET) {
                    new Ladders(this, function).cut(function.body);
                    new Liveness().walk(function);
                    new Helpers(this, function).fit(function.body, BUDGET);
                    codes.set(i, encode(function));
                    int left = Size.of(function.body.body);
                    if (left > BUDGET) {
                        throw new IllegalStateException(
                                "function " + (i + importedTypes.size()) + " is still " + left + " bytes long");
                    }
                }
            }
        }

        int addFunction(Function function) {
            functionTypes.add(typeIndex(function.type));
            codes.add(encode(function));
            return importedTypes.size() + codes.size() - 1;
        }

        int typeIndex(Type type) {
            if (!types.contains(type)) {
                types.add(type);
            }
            return types.indexOf(type);
        }

        Type typeOf(int function) {
            int imports = importedTypes.size();
            return types.get(function < imports ? importedTypes.get(function) : functionTypes.get(function - imports));
        }

        /** The global in which the nth value of a type travels from a helper to its caller. */
        int global(int valueType, int n) {
            List<Integer> known = globalsOfType.computeIfAbsent(valueType, t -> new ArrayList<>());
            while (known.size() <= n) {
                known.add(globals + extraGlobals.size());
                extraGlobals.add(valueType);
            }
            return known.get(n);
        }

        /** Keeps a switch's mapping in memory above the stack; answers its address. */
        int addTable(int[] entries, int count) {
            int address = STACK_TOP + tables.size();
            for (int i = 0; i < count; i++) {
                tables.writeBytes(int32(entries[i]));
            }
            return address;
        }

        byte[] encode() {
            int heapStart = STACK_TOP + (tables.size() + 15) / 16 * 16;
            Writer out = new Writer().raw(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
            for (Map.Entry<Integer, byte[]> section : sections.entrySet()) {
                byte[] content = switch (section.getKey()) {
                    case 1 -> encodeTypes();
                    case 3 -> new Writer().vector(functionTypes).bytes();
                    case 5 ->
                        new Writer()
                                .u8(1)
                                .u8(1)
                                .u32(FIRST_PAGES)
                                .u32(MOST_PAGES)
                                .bytes();
                    case 6 -> encodeGlobals();
                    case 10 -> encodeCodes();
                    case 11 -> encodeData(heapStart);
                    case 12 -> new Writer().u32(section(12).u32() + 1).bytes();
                    default -> section.getValue();
                };
                out.u8(section.getKey()).u32(content.length).raw(content);
            }
            return out.bytes();
        }

        private byte[] encodeTypes() {
            Writer out = new Writer().u32(types.size());
            for (Type type : types) {
                out.u8(0x60).vector(type.params).vector(type.results);
            }
            return out.bytes();
        }

        /** Global 0 is the stack pointer; the new ones follow the old ones. */
        private byte[] encodeGlobals() {
            Reader old = section(6);
            Writer out = new Writer().u32(old.u32() + extraGlobals.size());
            old.expect(I32, 1, CONST);
            int stackTop = old.s32();
            if (stackTop != ORIGINAL_STACK_TOP) {
                throw new IllegalStateException("the stack starts at " + stackTop + ": this is another build");
            }
            out.u8(I32).u8(1).u8(CONST).s32(STACK_TOP).raw(old.rest());
            for (int type : extraGlobals) {
                out.u8(type).u8(1).u8(type == I32 ? CONST : type == 0x7e ? 0x42 : type == 0x7d ? 0x43 : 0x44);
                out.raw(new byte[type == 0x7d ? 4 : type == 0x7c ? 8 : 1]).u8(END);
            }
            return out.bytes();
        }

        private byte[] encodeCodes() {
            Writer out = new Writer().u32(codes.size());
            codes.forEach(code -> out.u32(code.length).raw(code));
            return out.bytes();
        }

        private byte[] encodeData(int heapStart) {
            Reader old = section(11);
            int segments = old.u32();
            Writer out = new Writer().u32(segments + 1);
            boolean moved = false;
            for (int i = 0; i < segments; i++) {
                old.expect(0, CONST);
                int address = old.s32();
                old.expect(END);
                byte[] content = old.take(old.u32());
                int at = HEAP_START_ADDRESS - address;
                if (at >= 0 && at + 4 <= content.length) {
                    if (!Arrays.equals(content, at, at + 4, int32(ORIGINAL_STACK_TOP), 0, 4)) {
                        throw new IllegalStateException("the heap does not start where it should: another build");
                    }
                    System.arraycopy(int32(heapStart), 0, content, at, 4);
                    moved = true;
                }
                out.u8(0).u8(CONST).s32(address).u8(END).u32(content.length).raw(content);
            }
            if (!moved) {
                throw new IllegalStateException("the heap's start is not in the data: another build");
            }
            out.u8(0).u8(CONST).s32(STACK_TOP).u8(END).u32(tables.size()).raw(tables.toByteArray());
            return out.bytes();
        }

        private static byte[] int32(int value) {
            return new byte[] {(byte) value, (byte) (value >>> 8), (byte) (value >>> 16), (byte) (value >>> 24)};
        }

        // ------------------------------------------------------------ one function, decoded and encoded

        Function decode(Type type, byte[] code) {
            Reader reader = new Reader(code, 0, code.length);
            List<Integer> locals = new ArrayList<>(type.params);
            for (int runs = reader.u32(); runs > 0; runs--) {
                int count = reader.u32();
                int valueType = reader.u8();
                for (int i = 0; i < count; i++) {
                    locals.add(valueType);
                }
            }
            Block body = new Block(BLOCK, type.results.isEmpty() ? VOID : type.results.getFirst());
            List<Block> enclosing = new ArrayList<>(List.of(body));
            decode(reader, body.body, enclosing);
            return new Function(type, locals, body);
        }

        /** Reads up to the matching {@code end} or {@code else}, which it answers; code that cannot be reached is dropped. */
        private int decode(Reader reader, List<Statement> into, List<Block> enclosing) {
            List<Node> nodes = new ArrayList<>();
            int height = 0;
            boolean dead = false;
            while (true) {
                int start = reader.position;
                int code = reader.u8();
                if (code == END || code == ELSE) {
                    if (!nodes.isEmpty()) {
                        into.add(new Statement(nodes, true));
                    }
                    return code;
                }
                Node node = decode(reader, start, code, enclosing);
                if (dead) {
                    continue;
                }
                nodes.add(node);
                boolean ends = false;
                switch (node) {
                    case Plain plain -> {
                        height += plain.pushes - plain.pops;
                        ends = code == UNREACHABLE;
                    }
                    case Local local -> height += code == GET ? 1 : code == SET ? -1 : 0;
                    case Jump jump -> {
                        height -= code == BR_IF ? 1 : 0;
                        ends = code != BR_IF;
                    }
                    case Block block -> height += (block.isVoid() ? 0 : 1) - (code == IF ? 1 : 0);
                }
                if (ends || height == 0) {
                    into.add(new Statement(nodes, false));
                    nodes = new ArrayList<>();
                    dead = ends;
                }
            }
        }

        private Node decode(Reader reader, int start, int code, List<Block> enclosing) {
            int pops;
            int pushes;
            switch (code) {
                case BLOCK, LOOP, IF -> {
                    Block block = new Block(code, reader.u8());
                    enclosing.add(block);
                    if (decode(reader, block.body, enclosing) == ELSE) {
                        decode(reader, block.otherwise, enclosing);
                    }
                    enclosing.removeLast();
                    return block;
                }
                case BR, BR_IF, BR_TABLE, RETURN -> {
                    if (code == RETURN) {
                        return jump(BR, enclosing.getFirst());
                    }
                    List<Block> targets = new ArrayList<>();
                    for (int i = code == BR_TABLE ? reader.u32() : 0; i >= 0; i--) {
                        targets.add(enclosing.get(enclosing.size() - 1 - reader.u32()));
                    }
                    return new Jump(code, targets);
                }
                case GET, SET, TEE -> {
                    return new Local(code, reader.u32());
                }
                case CALL, CALL_INDIRECT -> {
                    int index = reader.u32();
                    Type type = code == CALL ? typeOf(index) : types.get(index);
                    if (code == CALL_INDIRECT) {
                        reader.u32();
                    }
                    pops = type.params.size() + (code == CALL_INDIRECT ? 1 : 0);
                    pushes = type.results.size();
                }
                default -> {
                    int effect = reader.skipImmediates(code);
                    pops = effect / 10;
                    pushes = effect % 10;
                }
            }
            return new Plain(code, Arrays.copyOfRange(reader.bytes, start, reader.position), pops, pushes);
        }

        private byte[] encode(Function function) {
            Writer out = new Writer();
            List<int[]> runs = new ArrayList<>();
            for (int type : function.locals.subList(function.type.params.size(), function.locals.size())) {
                if (runs.isEmpty() || runs.getLast()[1] != type) {
                    runs.add(new int[] {0, type});
                }
                runs.getLast()[0]++;
            }
            out.u32(runs.size());
            runs.forEach(run -> out.u32(run[0]).u8(run[1]));
            encode(function.body.body, new ArrayList<>(List.of(function.body)), out);
            return out.u8(END).bytes();
        }

        private void encode(List<Statement> statements, List<Block> enclosing, Writer out) {
            for (Statement statement : statements) {
                for (Node node : statement.nodes) {
                    switch (node) {
                        case Plain plain -> out.raw(plain.encoding);
                        case Local local -> out.u8(local.code).u32(local.index);
                        case Jump jump -> {
                            out.u8(jump.code);
                            if (jump.code == BR_TABLE) {
                                out.u32(jump.targets.size() - 1);
                            }
                            for (Block target : jump.targets) {
                                int depth = enclosing.lastIndexOf(target);
                                if (depth < 0) {
                                    throw new IllegalStateException("a jump to where it is not enclosed");
                                }
                                out.u32(enclosing.size() - 1 - depth);
                            }
                        }
                        case Block block -> {
                            out.u8(block.code).u8(block.type);
                            enclosing.add(block);
                            encode(block.body, enclosing, out);
                            if (!block.otherwise.isEmpty()) {
                                encode(block.otherwise, enclosing, out.u8(ELSE));
                            }
                            enclosing.removeLast();
                            out.u8(END);
                        }
                    }
                }
            }
        }
    }

    // ---------------------------------------------------------------- step 1: big switches

    /**
     * Turns a ladder {@code L0{ L1{ … Ln{ inner } Cn-1 … } C1 } C0} into the same over segments of its steps. Who jumped to
     * {@code Li}, that is to the start of {@code Ci-1}, now sets {@code step} to i and jumps to the segment's start, where a
     * short switch goes on.
     */
    private static final class Ladders {
        final Module module;
        final Function function;

        Ladders(Module module, Function function) {
            this.module = module;
            this.function = function;
        }

        void cut(Block block) {
            List<Block> ladder = new ArrayList<>(List.of(block));
            while (ladder.getLast().body.getFirst().nodes.getFirst() instanceof Block next
                    && ladder.getLast().body.getFirst().nodes.size() == 1
                    && next.code == BLOCK
                    && next.isVoid()
                    && !next.body.isEmpty()) {
                ladder.add(next);
            }
            if (block.code == BLOCK
                    && block.isVoid()
                    && !block.ladderDone
                    && ladder.size() > LADDER
                    && Size.of(block.body) > BUDGET) {
                cutLadder(ladder);
            }
            for (List<Statement> list : List.of(block.body, block.otherwise)) {
                for (Statement statement : list) {
                    for (Node node : statement.nodes) {
                        if (node instanceof Block inner && !inner.body.isEmpty()) {
                            cut(inner);
                        }
                    }
                }
            }
        }

        private void cutLadder(List<Block> ladder) {
            int last = ladder.size() - 1;
            int step = function.newLocal(I32);
            Map<Block, Integer> number = new IdentityHashMap<>();
            List<List<Statement>> codes = new ArrayList<>();
            for (int i = 0; i < last; i++) {
                number.put(ladder.get(i + 1), i + 1);
                codes.add(new ArrayList<>(
                        ladder.get(i).body.subList(1, ladder.get(i).body.size())));
            }
            List<Statement> inner = ladder.getLast().body;

            int[] segmentOf = new int[last + 1];
            int segment = 0;
            int room = BUDGET;
            for (int i = last; i >= 1; i--) {
                int size = 8 + Math.min(Size.of(codes.get(i - 1)), BUDGET);
                if (size > room && i < last) {
                    segment++;
                    room = BUDGET;
                }
                room -= size;
                segmentOf[i] = segment;
            }
            Block[] starts = new Block[segment + 1];
            Arrays.setAll(starts, i -> new Block(BLOCK, VOID));
            Arrays.stream(starts).forEach(start -> start.segment = true);
            Steps steps = new Steps(step, number, segmentOf, starts);

            List<Statement> nested = new ArrayList<>(steps.redirect(inner, -1));
            steps.fallInto(nested, last);
            int high = last;
            for (int s = 0; s <= segment; s++) {
                int low = high;
                while (low > 1 && segmentOf[low - 1] == s) {
                    low--;
                }
                starts[s].body = nested;
                starts[s].ladderDone = true;
                nested = new ArrayList<>(List.of(statement(starts[s])));
                List<Statement> piece = new ArrayList<>();
                if (low < high) {
                    Jump choice = new Jump(BR_TABLE, new ArrayList<>(ladder.subList(low, high + 1)));
                    choice.targets.add(ladder.get(high));
                    piece.add(statement(new Local(GET, step), number(s << SEGMENT_SHIFT | low), plain(SUB), choice));
                }
                for (int i = high; i >= low; i--) {
                    if (low < high) {
                        ladder.get(i).body = piece;
                        ladder.get(i).ladderDone = true;
                        piece = new ArrayList<>(List.of(statement(ladder.get(i))));
                    }
                    piece.addAll(steps.redirect(codes.get(i - 1), s));
                }
                if (low > 1) {
                    steps.fallInto(piece, low - 1);
                }
                nested.addAll(piece);
                high = low - 1;
            }
            ladder.getFirst().body = nested;
            ladder.getFirst().ladderDone = true;
        }

        /** Rewrites jumps to a ladder's steps from outside the step's segment. */
        private final class Steps {
            final int step;
            final Map<Block, Integer> number;
            final int[] segmentOf;
            final Block[] starts;

            Steps(int step, Map<Block, Integer> number, int[] segmentOf, Block[] starts) {
                this.step = step;
                this.number = number;
                this.segmentOf = segmentOf;
                this.starts = starts;
            }

            void fallInto(List<Statement> list, int next) {
                if (list.isEmpty() || !list.getLast().endsFlow()) {
                    list.add(statement(number(stepValue(next)), new Local(SET, step)));
                }
            }

            List<Statement> redirect(List<Statement> list, int segment) {
                list.forEach(statement -> {
                    List<Node> nodes = List.copyOf(statement.nodes);
                    statement.nodes.clear();
                    for (Node node : nodes) {
                        switch (node) {
                            case Block block -> {
                                redirect(block.body, segment);
                                redirect(block.otherwise, segment);
                                statement.nodes.add(block);
                            }
                            case Jump jump
                            when jump.targets.stream().anyMatch(t -> isElsewhere(t, segment)) ->
                                redirect(jump, segment, statement.nodes);
                            default -> statement.nodes.add(node);
                        }
                    }
                });
                return list;
            }

            private boolean isElsewhere(Block target, int segment) {
                Integer n = number.get(target);
                return n != null && segmentOf[n] != segment;
            }

            /** Segment and step in one number. */
            private int stepValue(int n) {
                return segmentOf[n] << SEGMENT_SHIFT | n;
            }

            private Block start(Block target, int segment) {
                return isElsewhere(target, segment) ? starts[segmentOf[number.get(target)]] : target;
            }

            private void redirect(Jump jump, int segment, List<Node> into) {
                Block target = jump.targets.getFirst();
                if (jump.code == BR_TABLE) {
                    redirectTable(jump, segment, into);
                    return;
                }
                List<Node> go = List.of(
                        number(stepValue(number.get(target))), new Local(SET, step), jump(BR, start(target, segment)));
                if (jump.code == BR) {
                    into.addAll(go);
                } else {
                    Block taken = new Block(IF, VOID);
                    taken.body.add(new Statement(new ArrayList<>(go.subList(0, 2)), false));
                    taken.body.add(new Statement(new ArrayList<>(go.subList(2, 3)), false));
                    into.add(taken);
                }
            }

            /** Index → step by a table in memory, step → segment by a switch: 2 bytes an entry instead of 4 of JVM code. */
            private void redirectTable(Jump jump, int segment, List<Node> into) {
                List<Block> bySegment = new ArrayList<>(Arrays.asList(starts));
                Block never = start(jump.targets.getLast(), segment);
                bySegment.subList(0, segment + 1).replaceAll(done -> never);
                Map<Block, Integer> others = new IdentityHashMap<>();
                int[] entries = jump.targets.stream()
                        .mapToInt(target -> {
                            Integer n = number.get(target);
                            if (n != null && segmentOf[n] != segment) {
                                return stepValue(n);
                            }
                            return others.computeIfAbsent(target, t -> {
                                        bySegment.add(t);
                                        return bySegment.size() - 1;
                                    })
                                    << SEGMENT_SHIFT;
                        })
                        .toArray();
                int last = entries.length - 1;
                int index = function.newLocal(I32);
                int address = module.addTable(entries, last);
                Block known = new Block(IF, I32);
                known.body.add(new Statement(
                        new ArrayList<>(List.of(
                                new Local(GET, index),
                                number(2),
                                plain(SHL),
                                new Plain(
                                        LOAD,
                                        new Writer().u8(LOAD).u8(2).u32(address).bytes(),
                                        1,
                                        1))),
                        true));
                known.otherwise.add(new Statement(new ArrayList<>(List.of(number(entries[last]))), true));
                into.add(new Local(TEE, index));
                into.add(number(last));
                into.add(plain(LT_U));
                into.add(known);
                into.add(new Local(TEE, step));
                into.add(number(SEGMENT_SHIFT));
                into.add(plain(SHR_U));
                bySegment.add(bySegment.getFirst());
                into.add(new Jump(BR_TABLE, bySegment));
            }
        }
    }

    // ---------------------------------------------------------------- step 2: which locals matter where

    /** Backward data flow over the tree; a local matters at a point if its value there can still be read. */
    private static final class Liveness {

        void walk(Function function) {
            walk(function.body.body, new BitSet());
        }

        private BitSet walk(List<Statement> list, BitSet after) {
            BitSet live = (BitSet) after.clone();
            for (Statement statement : list.reversed()) {
                for (Node node : statement.nodes.reversed()) {
                    live = walk(node, live);
                }
                statement.before = (BitSet) live.clone();
            }
            return live;
        }

        private BitSet walk(Node node, BitSet live) {
            switch (node) {
                case Plain plain -> {
                    if (plain.code == UNREACHABLE) {
                        live.clear();
                    }
                }
                case Local local -> live.set(local.index, local.code == GET);
                case Jump jump -> {
                    if (jump.code != BR_IF) {
                        live.clear();
                    }
                    jump.targets.forEach(target -> live.or(target.atLabel));
                }
                case Block block -> {
                    return walk(block, live);
                }
            }
            return live;
        }

        private BitSet walk(Block block, BitSet after) {
            block.atEnd = (BitSet) after.clone();
            if (block.code != LOOP) {
                block.atLabel = (BitSet) after.clone();
                BitSet live = walk(block.body, after);
                if (block.code == IF) {
                    live.or(walk(block.otherwise, after));
                }
                return live;
            }
            BitSet live = walk(block.body, after);
            while (!live.equals(block.atLabel)) {
                block.atLabel.or(live);
                live = walk(block.body, after);
                live.or(block.atLabel);
            }
            return live;
        }
    }

    // ---------------------------------------------------------------- step 3: runs of statements into helpers

    private static final class Helpers {
        final Module module;
        final Function function;

        Helpers(Module module, Function function) {
            this.module = module;
            this.function = function;
        }

        void fit(Block block, int budget) {
            if (block.fitted <= budget) {
                return;
            }
            block.fitted = budget;
            fit(block.body, block.atEnd, budget);
            fit(block.otherwise, block.atEnd, budget);
        }

        private void fit(List<Statement> list, BitSet atEnd, int budget) {
            boolean ladder =
                    !list.isEmpty() && list.getFirst().nodes.getFirst() instanceof Block first && first.segment;
            for (Statement statement : list) {
                boolean inner = ladder && statement == list.getFirst();
                for (int part = budget; part > 64 && (inner || Size.of(statement) > budget); part /= 2) {
                    for (Node node : statement.nodes) {
                        if (node instanceof Block block) {
                            fit(block, part);
                        }
                    }
                    inner = false;
                }
            }
            if (ladder) {
                // Segments go to helpers whether they must or not, so that every one is a single call away.
                List<Run> segments = runs(list.subList(1, list.size()), atEnd);
                for (Run run : segments.reversed()) {
                    if (run.saving() > 0) {
                        run.replace();
                    }
                }
            }
            while (Size.of(list) > budget) {
                Run best = null;
                for (Run run : runs(list, atEnd)) {
                    if (best == null || run.saving() > best.saving()) {
                        best = run;
                    }
                }
                if (best == null || best.saving() <= 0) {
                    return;
                }
                best.replace();
            }
        }

        /** Longest runs, from the front, of statements that can move together. */
        private List<Run> runs(List<Statement> list, BitSet atEnd) {
            List<Run> runs = new ArrayList<>();
            int from = 0;
            int size = 0;
            for (int i = 0; i <= list.size(); i++) {
                boolean movable = i < list.size() && movable(list.get(i));
                int next = movable ? Size.of(list.get(i)) : 0;
                if (i > from && (!movable || size + next > BUDGET)) {
                    runs.add(new Run(list, from, i, i < list.size() ? list.get(i).before : atEnd));
                    from = i;
                    size = 0;
                }
                if (!movable) {
                    from = i + 1;
                } else {
                    size += next;
                }
            }
            return runs;
        }

        /** A conditional jump that carries a value out of the run would need its value kept: nobody needs that so far. */
        private boolean movable(Statement statement) {
            if (statement.yields || Size.of(statement) > BUDGET) {
                return false;
            }
            Set<Block> inside = blocksIn(List.of(statement));
            return jumpsIn(List.of(statement)).stream()
                    .filter(jump -> jump.code != BR)
                    .flatMap(jump -> jump.targets.stream())
                    .allMatch(target -> target.isVoid() || target.code == LOOP || inside.contains(target));
        }

        private final class Run {
            final List<Statement> list;
            final List<Statement> statements;
            final int from;
            final int to;
            final List<Integer> inputs = new ArrayList<>();
            final List<Integer> outputs = new ArrayList<>();
            final List<Block> exits;
            final boolean fallsThrough;
            final BitSet after;

            Run(List<Statement> list, int from, int to, BitSet after) {
                this.list = list;
                this.statements = new ArrayList<>(list.subList(from, to));
                this.from = from;
                this.to = to;
                this.after = after;
                this.fallsThrough = !statements.getLast().endsFlow();
                Set<Block> inside = blocksIn(statements);
                Set<Block> targets = new LinkedHashSet<>();
                jumpsIn(statements).forEach(jump -> targets.addAll(jump.targets));
                targets.removeAll(inside);
                this.exits = List.copyOf(targets);
                BitSet wanted = new BitSet();
                if (fallsThrough) {
                    wanted.or(after);
                }
                exits.forEach(exit -> wanted.or(exit.atLabel));
                BitSet reads = new BitSet();
                BitSet writes = new BitSet();
                localsIn(statements, reads, writes);
                writes.and(wanted);
                writes.stream().forEach(outputs::add);
                reads.or(writes);
                reads.and(statements.getFirst().before);
                reads.stream().forEach(inputs::add);
            }

            /** Whether the helper must say where to go on. */
            boolean answers() {
                return exits.size() + (fallsThrough ? 1 : 0) > 1;
            }

            int saving() {
                int ends = exits.size() + (fallsThrough ? 1 : 0);
                int call = 16 + 2 * inputs.size() + 12 * outputs.size() + (ends > 2 ? 20 + 4 * ends : 6);
                return Size.of(statements) - call;
            }

            void replace() {
                List<Statement> place = list.subList(from, to);
                Statement call = move();
                place.clear();
                place.add(call);
            }

            private Statement move() {
                int helper = module.addFunction(helper());
                List<Node> nodes = new ArrayList<>();
                inputs.forEach(input -> nodes.add(new Local(GET, input)));
                nodes.add(plain(CALL, helper, inputs.size(), answers() ? 1 : 0));
                transfer(outputs, (global, local) -> {
                    nodes.add(plain(GLOBAL_GET, global, 0, 1));
                    nodes.add(new Local(SET, local));
                });
                Statement call = new Statement(nodes, false);
                call.before = statements.getFirst().before;
                if (!answers()) {
                    exits.forEach(exit -> nodes.addAll(leave(exit)));
                    if (!fallsThrough && exits.isEmpty()) {
                        nodes.add(new Plain(UNREACHABLE, new byte[] {UNREACHABLE}, 0, 0));
                    }
                    return call;
                }
                List<Block> table = new ArrayList<>(exits);
                Block wrapped = new Block(BLOCK, VOID);
                wrapped.atLabel = after;
                wrapped.atEnd = after;
                if (fallsThrough) {
                    table.addFirst(wrapped);
                }
                if (table.size() == 2 && fallsThrough && table.get(1).isVoid()) {
                    nodes.add(jump(BR_IF, table.get(1)));
                    return call;
                }
                return dispatch(call, wrapped, table);
            }

            /** {@code wrapped{ call; br_table }}, with a block around it for each exit that carries a value. */
            private Statement dispatch(Statement call, Block wrapped, List<Block> table) {
                Statement inner = call;
                List<Block> targets = new ArrayList<>(table);
                for (int i = 0; i < table.size(); i++) {
                    Block exit = table.get(i);
                    if (exit != wrapped && carriesValue(exit)) {
                        Block stop = new Block(BLOCK, VOID);
                        stop.atLabel = exit.atLabel;
                        targets.set(i, stop);
                        stop.body.add(inner);
                        Statement around = new Statement(new ArrayList<>(List.of(stop)), false);
                        around.nodes.addAll(leave(exit));
                        around.before = call.before;
                        inner = around;
                    }
                }
                if (targets.size() == 1) {
                    throw new IllegalStateException("a run with one end needs no dispatch");
                }
                targets.add(targets.getLast());
                call.nodes.add(new Jump(BR_TABLE, targets));
                if (!fallsThrough) {
                    return inner;
                }
                wrapped.body.add(inner);
                Statement whole = statement(wrapped);
                whole.before = call.before;
                return whole;
            }

            private List<Node> leave(Block exit) {
                return carriesValue(exit)
                        ? List.of(plain(GLOBAL_GET, module.global(exit.type, outputs.size()), 0, 1), jump(BR, exit))
                        : List.of(jump(BR, exit));
            }

            private Function helper() {
                List<Integer> params = new ArrayList<>();
                inputs.forEach(input -> params.add(function.locals.get(input)));
                Type type = new Type(List.copyOf(params), answers() ? List.of(I32) : List.of());
                Function helper = new Function(type, params, new Block(BLOCK, answers() ? I32 : VOID));
                Map<Integer, Integer> renamed = new HashMap<>();
                inputs.forEach(input -> renamed.put(input, renamed.size()));
                int exit = answers() ? helper.newLocal(I32) : -1;
                Block done = new Block(BLOCK, VOID);
                done.body = new Mover(helper, renamed, exit, done).moved(statements);
                helper.body.body.add(statement(done));
                transfer(
                        outputs,
                        (global, local) -> helper.body.body.add(statement(
                                new Local(
                                        GET,
                                        renamed.computeIfAbsent(local, l -> helper.newLocal(function.locals.get(l)))),
                                plain(GLOBAL_SET, global, 1, 0))));
                if (answers()) {
                    helper.body.body.add(new Statement(new ArrayList<>(List.of(new Local(GET, exit))), true));
                }
                return helper;
            }

            /** Pairs each local that comes back with the global that it travels in. */
            private void transfer(List<Integer> locals, java.util.function.BiConsumer<Integer, Integer> pair) {
                Map<Integer, Integer> used = new HashMap<>();
                for (int local : locals) {
                    int type = function.locals.get(local);
                    pair.accept(module.global(type, used.merge(type, 1, Integer::sum) - 1), local);
                }
            }

            /** Rewrites statements for their new home: locals renumbered, jumps out of the run turned into answers. */
            private final class Mover {
                final Function helper;
                final Map<Integer, Integer> renamed;
                final int exit;
                final Block done;

                Mover(Function helper, Map<Integer, Integer> renamed, int exit, Block done) {
                    this.helper = helper;
                    this.renamed = renamed;
                    this.exit = exit;
                    this.done = done;
                }

                List<Statement> moved(List<Statement> list) {
                    List<Statement> result = new ArrayList<>();
                    list.forEach(statement -> result.add(moved(statement)));
                    return result;
                }

                private Statement moved(Statement statement) {
                    Statement result = new Statement(new ArrayList<>(), statement.yields);
                    Map<Block, Block> stops = new LinkedHashMap<>();
                    for (Node node : statement.nodes) {
                        switch (node) {
                            case Plain plain -> result.nodes.add(plain);
                            case Local local ->
                                result.nodes.add(new Local(
                                        local.code,
                                        renamed.computeIfAbsent(
                                                local.index, l -> helper.newLocal(function.locals.get(l)))));
                            case Block block -> {
                                block.body = moved(block.body);
                                block.otherwise = moved(block.otherwise);
                                result.nodes.add(block);
                            }
                            case Jump jump
                            when jump.targets.stream().noneMatch(exits::contains) -> result.nodes.add(jump);
                            case Jump jump
                            when jump.code == BR_TABLE -> {
                                List<Block> targets = new ArrayList<>();
                                for (Block target : jump.targets) {
                                    targets.add(
                                            exits.contains(target)
                                                    ? stops.computeIfAbsent(target, t -> new Block(BLOCK, VOID))
                                                    : target);
                                }
                                result.nodes.add(new Jump(BR_TABLE, targets));
                            }
                            case Jump jump when jump.code == BR -> result.nodes.addAll(answer(jump.targets.getFirst()));
                            case Jump jump -> {
                                Block taken = new Block(IF, VOID);
                                taken.body.add(new Statement(new ArrayList<>(answer(jump.targets.getFirst())), false));
                                result.nodes.add(taken);
                            }
                        }
                    }
                    for (Map.Entry<Block, Block> stop : stops.entrySet()) {
                        stop.getValue().body.add(result);
                        result = statement(stop.getValue());
                        result.nodes.addAll(answer(stop.getKey()));
                    }
                    return result;
                }

                private List<Node> answer(Block target) {
                    List<Node> nodes = new ArrayList<>();
                    if (carriesValue(target)) {
                        nodes.add(plain(GLOBAL_SET, module.global(target.type, outputs.size()), 1, 0));
                    }
                    if (exit >= 0) {
                        nodes.add(number(exits.indexOf(target) + (fallsThrough ? 1 : 0)));
                        nodes.add(new Local(SET, exit));
                    }
                    nodes.add(jump(BR, done));
                    return nodes;
                }
            }
        }

        private static boolean carriesValue(Block target) {
            return !target.isVoid() && target.code != LOOP;
        }

        private static Set<Block> blocksIn(List<Statement> list) {
            Set<Block> blocks = new LinkedHashSet<>();
            visit(list, node -> {
                if (node instanceof Block block) {
                    blocks.add(block);
                }
            });
            return blocks;
        }

        private static List<Jump> jumpsIn(List<Statement> list) {
            List<Jump> jumps = new ArrayList<>();
            visit(list, node -> {
                if (node instanceof Jump jump) {
                    jumps.add(jump);
                }
            });
            return jumps;
        }

        private static void localsIn(List<Statement> list, BitSet reads, BitSet writes) {
            visit(list, node -> {
                if (node instanceof Local local) {
                    (local.code == GET ? reads : writes).set(local.index);
                }
            });
        }

        private static void visit(List<Statement> list, java.util.function.Consumer<Node> visitor) {
            for (Statement statement : list) {
                for (Node node : statement.nodes) {
                    visitor.accept(node);
                    if (node instanceof Block block) {
                        visit(block.body, visitor);
                        visit(block.otherwise, visitor);
                    }
                }
            }
        }
    }

    // ---------------------------------------------------------------- estimate of JVM code

    /** Bytes of JVM code that the compiler will make of it, a little more rather than less. */
    private static final class Size {

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
                case Local local -> local.code == TEE ? 3 : 2;
                case Jump jump -> jump.code == BR_TABLE ? 20 + 4 * jump.targets.size() : 6;
                case Block block -> of(block.body) + of(block.otherwise) + (block.code == IF ? 6 : 0);
                case Plain plain -> {
                    int code = plain.code;
                    if (code == CALL) {
                        yield 11;
                    } else if (code == CALL_INDIRECT) {
                        yield 10;
                    } else if (code == GLOBAL_GET || code == GLOBAL_SET || code == 0x1b) {
                        yield 9;
                    } else if (code >= 0x28 && code <= 0x3e) {
                        yield 9 + (code == 0x2d || code == 0x2f ? 4 : 0);
                    } else if (code >= CONST && code <= 0x44) {
                        yield 3;
                    }
                    yield 4;
                }
            };
        }
    }

    // ---------------------------------------------------------------- bytes

    private static final class Reader {
        final byte[] bytes;
        int position;
        final int end;

        Reader(byte[] bytes, int position, int end) {
            this.bytes = bytes;
            this.position = position;
            this.end = end;
        }

        boolean more() {
            return position < end;
        }

        int u8() {
            return bytes[position++] & 255;
        }

        int u32() {
            return (int) leb(false);
        }

        int s32() {
            return (int) leb(true);
        }

        /** LEB128, as in the specification's §5.2.2. */
        private long leb(boolean signed) {
            long value = 0;
            int shift = 0;
            int next;
            do {
                next = u8();
                value |= (long) (next & 127) << shift;
                shift += 7;
            } while (next >= 128);
            return signed && shift < 64 && (next & 64) != 0 ? value | -1L << shift : value;
        }

        byte[] take(int length) {
            position += length;
            return Arrays.copyOfRange(bytes, position - length, position);
        }

        byte[] rest() {
            return take(end - position);
        }

        List<Integer> valueTypes() {
            List<Integer> result = new ArrayList<>();
            for (int i = u32(); i > 0; i--) {
                result.add(u8());
            }
            return List.copyOf(result);
        }

        void expect(int... values) {
            for (int value : values) {
                int found = u8();
                if (found != value) {
                    throw new IllegalStateException("byte " + found + " where " + value + " is expected");
                }
            }
        }

        /** Steps over an instruction's immediates; answers ten times what it pops plus what it pushes (§5.4). */
        int skipImmediates(int code) {
            if (code == UNREACHABLE || code == 0x01) {
                return 0;
            } else if (code == 0x1a) {
                return 10;
            } else if (code == 0x1b) {
                return 31;
            } else if (code == GLOBAL_GET || code == GLOBAL_SET) {
                u32();
                return code == GLOBAL_GET ? 1 : 10;
            } else if (code >= 0x28 && code <= 0x3e) {
                u32();
                u32();
                return code <= 0x35 ? 11 : 20;
            } else if (code == 0x3f || code == 0x40) {
                u8();
                return code == 0x3f ? 1 : 11;
            } else if (code == CONST || code == 0x42) {
                leb(true);
                return 1;
            } else if (code == 0x43 || code == 0x44) {
                position += code == 0x43 ? 4 : 8;
                return 1;
            } else if (code >= 0x45 && code <= 0xc4) {
                boolean one = code == 0x45
                        || code == 0x50
                        || code >= 0x67 && code <= 0x69
                        || code >= 0x79 && code <= 0x7b
                        || code >= 0x8b && code <= 0x91
                        || code >= 0x99 && code <= 0x9f
                        || code >= 0xa7;
                return one ? 11 : 21;
            } else if (code == 0xfc) {
                int more = u32();
                if (more <= 7) {
                    return 11;
                } else if (more == 10 || more == 11) {
                    position += more == 10 ? 2 : 1;
                    return 30;
                }
            }
            throw new IllegalStateException("instruction " + Integer.toHexString(code) + " is not known");
        }
    }

    private static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Writer u8(int value) {
            out.write(value);
            return this;
        }

        Writer u32(int value) {
            int rest = value;
            while (rest >>> 7 != 0) {
                out.write(rest & 127 | 128);
                rest >>>= 7;
            }
            return u8(rest);
        }

        Writer s32(int value) {
            int rest = value;
            while (rest < -64 || rest > 63) {
                out.write(rest & 127 | 128);
                rest >>= 7;
            }
            return u8(rest & 127);
        }

        Writer raw(byte[] bytes) {
            out.writeBytes(bytes);
            return this;
        }

        Writer vector(List<Integer> values) {
            u32(values.size());
            values.forEach(this::u32);
            return this;
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
