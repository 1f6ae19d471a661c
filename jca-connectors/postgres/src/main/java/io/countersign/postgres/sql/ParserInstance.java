package io.countersign.postgres.sql;

import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.ExportFunction;
import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.runtime.WasmFunctionHandle;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One copy of PostgreSQL's parser with its own memory (about 10 MiB), for one thread at a time. Whoever gets anything but a
 * result or {@link NotUnderstood} from it must throw it away.
 *
 * <p>The letters are names of imports and exports in libpg-query 18.1.5, and change with each release of it. The C code unwinds
 * errors by setjmp and longjmp, which emscripten emulates: {@code invoke_*} calls a function of the table and catches
 * {@link LongJump}.
 */
final class ParserInstance {

    private static final String MODULE = "a";

    /** Imports by their letters. */
    private static final String INVOKE = "gbadklefhjiyn";

    private static final char THROW_LONGJMP = 'p';
    private static final char RESIZE_HEAP = 'q';
    private static final String DESCRIPTOR_CALLS = "rsu";
    private static final String HARMLESS = "otw";

    /** WASI's errno EBADF: there are no files here. */
    private static final long[] BAD_DESCRIPTOR = {8};

    private static final long[] ZERO = {0};
    private static final long[] NOTHING = {};

    private static final int MOST_PAGES = 1_024;

    private final Instance instance;
    private final Memory memory;
    private final ExportFunction allocate;
    private final ExportFunction free;
    private final ExportFunction parse;
    private final ExportFunction freeResult;
    private final ExportFunction scan;
    private final ExportFunction plpgsql;
    private final ExportFunction freeString;
    private final ExportFunction setThrew;
    private final ExportFunction restoreStack;
    private final ExportFunction stack;

    ParserInstance() {
        WasmModule module = LibPgQuery.load();
        instance = Instance.builder(module)
                .withMachineFactory(LibPgQuery::create)
                .withMemoryFactory(ByteArrayMemory::new)
                .withImportValues(imports(module))
                .build();
        memory = instance.memory();
        allocate = instance.export("C");
        free = instance.export("E");
        parse = instance.export("F");
        freeResult = instance.export("G");
        scan = instance.export("M");
        plpgsql = instance.export("H");
        freeString = instance.export("N");
        setThrew = instance.export("P");
        restoreStack = instance.export("Q");
        stack = instance.export("R");
        instance.export("A").apply();
    }

    /**
     * The raw parse tree, as JSON.
     *
     * @param text UTF-8 without NUL
     */
    byte[] parse(byte[] text) throws NotUnderstood {
        int query = write(text);
        int result = (int) parse.apply(query)[0];
        if (result == 0) {
            throw new IllegalStateException("the parser is out of memory");
        }
        int error = memory.readInt(result + 8);
        NotUnderstood problem = error == 0
                ? null
                : new NotUnderstood(
                        new String(string(memory.readInt(error)), StandardCharsets.UTF_8), memory.readInt(error + 16));
        byte[] json = error == 0 ? string(memory.readInt(result)) : new byte[0];
        freeResult.apply(result);
        free.apply(query);
        if (problem != null) {
            throw problem;
        }
        return json;
    }

    /** The text's tokens, as JSON: {@code {"tokens":[{"start":…,"end":…,"tokenName":…}]}}. */
    byte[] scan(byte[] text) {
        int query = write(text);
        int result = (int) scan.apply(query)[0];
        byte[] json = string(result);
        freeString.apply(result);
        free.apply(query);
        return json;
    }

    /**
     * The PL/pgSQL in a CREATE FUNCTION or DO statement, as JSON.
     *
     * @param statement UTF-8 without NUL
     */
    byte[] plpgsql(byte[] statement) throws NotUnderstood {
        int query = write(statement);
        int result = (int) plpgsql.apply(query)[0];
        if (result == 0) {
            throw new IllegalStateException("the parser is out of memory");
        }
        byte[] json = string(result);
        freeString.apply(result);
        free.apply(query);
        if (json.length == 0 || json[0] != '{') {
            throw new NotUnderstood(new String(json, StandardCharsets.UTF_8));
        }
        return json;
    }

    /** Whether it has taken so much memory that a fresh one is better. */
    boolean isWornOut() {
        return memory.pages() > MOST_PAGES;
    }

    int pages() {
        return memory.pages();
    }

    private int write(byte[] text) {
        int address = (int) allocate.apply(text.length + 1)[0];
        if (address == 0) {
            throw new IllegalStateException("the parser is out of memory");
        }
        memory.write(address, text);
        memory.writeByte(address + text.length, (byte) 0);
        return address;
    }

    /** A C string; read in pieces that end where pages do, because a read beyond the last page fails. */
    private byte[] string(int address) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int at = address;
        while (true) {
            byte[] piece = memory.readBytes(at, Math.min(4_096, Memory.PAGE_SIZE - at % Memory.PAGE_SIZE));
            for (int i = 0; i < piece.length; i++) {
                if (piece[i] == 0) {
                    all.write(piece, 0, i);
                    return all.toByteArray();
                }
            }
            all.writeBytes(piece);
            at += piece.length;
        }
    }

    private ImportValues imports(WasmModule module) {
        ImportValues.Builder imports = ImportValues.builder();
        for (int i = 0; i < module.importSection().importCount(); i++) {
            FunctionImport one = (FunctionImport) module.importSection().getImport(i);
            FunctionType type = module.typeSection().getType(one.typeIndex());
            imports.addFunction(
                    new HostFunction(MODULE, one.name(), type, handle(one.name().charAt(0), type)));
        }
        return imports.build();
    }

    private WasmFunctionHandle handle(char name, FunctionType type) {
        long[] absent = type.returns().isEmpty() ? NOTHING : ZERO;
        if (INVOKE.indexOf(name) >= 0) {
            return (self, args) -> invoke(args, absent);
        } else if (name == THROW_LONGJMP) {
            return (self, args) -> {
                throw new LongJump();
            };
        } else if (name == RESIZE_HEAP) {
            return (self, args) -> new long[] {resize(args[0] & 0xffff_ffffL) ? 1 : 0};
        } else if (DESCRIPTOR_CALLS.indexOf(name) >= 0) {
            return (self, args) -> BAD_DESCRIPTOR;
        } else if (HARMLESS.indexOf(name) >= 0) {
            return (self, args) -> absent;
        }
        return (self, args) -> {
            throw new IllegalStateException("PostgreSQL's parser gave up");
        };
    }

    private long[] invoke(long[] args, long[] absent) {
        long before = stack.apply()[0];
        try {
            int function = instance.table(0).requiredRef((int) args[0]);
            long[] result = instance.getMachine().call(function, Arrays.copyOfRange(args, 1, args.length));
            return result == null ? NOTHING : result;
        } catch (LongJump jump) {
            restoreStack.apply(before);
            setThrew.apply(1, 0);
            return absent;
        }
    }

    /** @return whether there are now as many bytes */
    private boolean resize(long bytes) {
        long missing = (bytes + Memory.PAGE_SIZE - 1) / Memory.PAGE_SIZE - memory.pages();
        // A little more each time, as malloc asks again and again.
        long wanted = missing + memory.pages() / 8;
        return missing <= 0
                || memory.grow((int) Math.min(wanted, Integer.MAX_VALUE)) >= 0
                || memory.grow((int) missing) >= 0;
    }

    /** C's longjmp on its way up; without a stack trace it costs nothing. */
    private static final class LongJump extends RuntimeException {

        private LongJump() {
            super(null, null, false, false);
        }
    }
}
