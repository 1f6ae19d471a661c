package io.countersign.postgres.split;

import io.countersign.postgres.split.Code.Function;
import io.countersign.postgres.split.Code.Type;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The module, with those sections taken apart that change (§5.5). */
final class WasmModule {

    /** Where this build of the module starts its stack (downwards) and its heap (upwards), and where it keeps the latter. */
    private static final int ORIGINAL_STACK_TOP = 34_515_008;

    private static final int HEAP_START_ADDRESS = 955_984;

    /** 9 MiB proved to outlast Java's own stack of up to 16 MiB; emscripten's 32 MiB only cost memory. */
    private static final int STACK_TOP = 9 << 20;

    /** Pages of 64 KiB at the start, and at most: 256 MiB. */
    private static final int FIRST_PAGES = 160;

    private static final int MOST_PAGES = 4_096;

    private static final int I64 = 0x7e;
    private static final int F32 = 0x7d;
    private static final int F64 = 0x7c;

    private final Map<Integer, byte[]> sections = new LinkedHashMap<>();
    private final List<Type> types = new ArrayList<>();
    private final List<Integer> functionTypes = new ArrayList<>();
    private final List<byte[]> codes = new ArrayList<>();
    private final int imports;
    private final int originals;
    private final int globals;
    private final List<Integer> moreGlobals = new ArrayList<>();
    private final Map<Integer, List<Integer>> globalsOfType = new HashMap<>();
    private final ByteArrayOutputStream tables = new ByteArrayOutputStream();

    WasmModule(byte[] bytes) {
        Bytes.Reader reader = new Bytes.Reader(bytes);
        reader.take(8);
        while (reader.more()) {
            int id = reader.u8();
            sections.put(id, reader.take(reader.u32()));
        }
        Bytes.Reader type = section(1);
        for (int i = type.u32(); i > 0; i--) {
            type.expect(0x60);
            types.add(new Type(type.numbers(), type.numbers()));
        }
        Bytes.Reader imported = section(2);
        imports = imported.u32();
        for (int i = 0; i < imports; i++) {
            imported.take(imported.u32());
            imported.take(imported.u32());
            imported.expect(0);
            functionTypes.add(imported.u32());
        }
        functionTypes.addAll(section(3).numbers());
        Bytes.Reader code = section(10);
        for (int i = code.u32(); i > 0; i--) {
            codes.add(code.take(code.u32()));
        }
        originals = codes.size();
        globals = section(6).u32();
    }

    private Bytes.Reader section(int id) {
        return new Bytes.Reader(sections.get(id));
    }

    /** Indexes of the module's own functions, without helpers. */
    Iterable<Integer> functions() {
        return () -> IntStream.range(imports, imports + originals).iterator();
    }

    Function function(int index) {
        return new CodeReader(this, codes.get(index - imports), type(index)).function();
    }

    void replace(int index, Function function) {
        codes.set(index - imports, CodeWriter.bytes(function));
    }

    /** Adds a helper and answers its index. */
    int add(Function function) {
        if (!types.contains(function.type)) {
            types.add(function.type);
        }
        functionTypes.add(types.indexOf(function.type));
        codes.add(CodeWriter.bytes(function));
        return imports + codes.size() - 1;
    }

    Type type(int function) {
        return types.get(functionTypes.get(function));
    }

    Type typeAt(int index) {
        return types.get(index);
    }

    /** The global in which the nth value of a type travels from a helper to its caller. */
    int global(int valueType, int n) {
        List<Integer> known = globalsOfType.computeIfAbsent(valueType, t -> new ArrayList<>());
        while (known.size() <= n) {
            known.add(globals + moreGlobals.size());
            moreGlobals.add(valueType);
        }
        return known.get(n);
    }

    /** Keeps numbers in memory between stack and heap, and answers their address. */
    int addTable(int[] entries) {
        int address = STACK_TOP + tables.size();
        for (int entry : entries) {
            tables.writeBytes(Bytes.int32(entry));
        }
        return address;
    }

    byte[] bytes() {
        Bytes.Writer out = new Bytes.Writer().raw(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        sections.forEach((id, old) -> {
            byte[] content = switch (id) {
                case 1 -> typeSection();
                case 3 ->
                    new Bytes.Writer()
                            .numbers(functionTypes.subList(imports, functionTypes.size()))
                            .bytes();
                case 5 ->
                    new Bytes.Writer()
                            .u8(1)
                            .u8(1)
                            .u32(FIRST_PAGES)
                            .u32(MOST_PAGES)
                            .bytes();
                case 6 -> globalSection();
                case 10 -> codeSection();
                case 11 -> dataSection();
                case 12 -> new Bytes.Writer().u32(section(12).u32() + 1).bytes();
                default -> old;
            };
            out.u8(id).u32(content.length).raw(content);
        });
        return out.bytes();
    }

    private byte[] typeSection() {
        Bytes.Writer out = new Bytes.Writer().u32(types.size());
        types.forEach(type -> out.u8(0x60).numbers(type.params()).numbers(type.results()));
        return out.bytes();
    }

    /** Global 0 is the stack pointer. */
    private byte[] globalSection() {
        Bytes.Reader old = section(6);
        Bytes.Writer out = new Bytes.Writer().u32(old.u32() + moreGlobals.size());
        old.expect(Code.I32, 1, Code.CONST);
        expect("the stack starts", old.s32());
        out.u8(Code.I32).u8(1).u8(Code.CONST).s32(STACK_TOP).raw(old.rest());
        for (int type : moreGlobals) {
            out.u8(type).u8(1);
            switch (type) {
                case Code.I32 -> out.u8(Code.CONST).u8(0);
                case I64 -> out.u8(0x42).u8(0);
                case F32 -> out.u8(0x43).raw(new byte[4]);
                case F64 -> out.u8(0x44).raw(new byte[8]);
                default -> throw new IllegalStateException("no global of type " + type);
            }
            out.u8(Code.END);
        }
        return out.bytes();
    }

    private byte[] codeSection() {
        Bytes.Writer out = new Bytes.Writer().u32(codes.size());
        codes.forEach(code -> out.u32(code.length).raw(code));
        return out.bytes();
    }

    private byte[] dataSection() {
        int heapStart = STACK_TOP + (tables.size() + 15) / 16 * 16;
        Bytes.Reader old = section(11);
        int segments = old.u32();
        Bytes.Writer out = new Bytes.Writer().u32(segments + 1);
        int found = 0;
        for (int i = 0; i < segments; i++) {
            old.expect(0, Code.CONST);
            int address = old.s32();
            old.expect(Code.END);
            byte[] content = old.take(old.u32());
            int at = HEAP_START_ADDRESS - address;
            if (at >= 0 && at + 4 <= content.length) {
                found = Arrays.equals(content, at, at + 4, Bytes.int32(ORIGINAL_STACK_TOP), 0, 4)
                        ? ORIGINAL_STACK_TOP
                        : 0;
                System.arraycopy(Bytes.int32(heapStart), 0, content, at, 4);
            }
            dataSegment(out, address, content);
        }
        expect("the heap starts", found);
        dataSegment(out, STACK_TOP, tables.toByteArray());
        return out.bytes();
    }

    private static void dataSegment(Bytes.Writer out, int address, byte[] content) {
        out.u8(0).u8(Code.CONST).s32(address).u8(Code.END).u32(content.length).raw(content);
    }

    private static void expect(String what, int found) {
        if (found != ORIGINAL_STACK_TOP) {
            throw new IllegalStateException(what + " elsewhere: this is another build of the module");
        }
    }
}
