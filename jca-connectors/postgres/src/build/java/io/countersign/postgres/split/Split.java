package io.countersign.postgres.split;

import com.dylibso.chicory.build.time.compiler.Config;
import com.dylibso.chicory.build.time.compiler.Generator;
import com.dylibso.chicory.compiler.InterpreterFallback;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.FutureTask;

/**
 * The build's step: {@code Split MODULE SHA-256 FOLDER CLASS} cuts the module to the JVM's limits and has Chicory compile it
 * to the class, its source in {@code FOLDER/generated-sources} and its machine in {@code FOLDER/classes}.
 */
public final class Split {

    /** Bytes; a switch of 2,000 cases is 2,000 blocks deep, and everything here recurses over them. */
    private static final long STACK = 256L << 20;

    private Split() {}

    public static void main(String[] args) throws Exception {
        byte[] original = Files.readAllBytes(Path.of(args[0]));
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(original));
        if (!sha256.equals(args[1])) {
            throw new IOException(args[0] + " has SHA-256 " + sha256 + " where " + args[1] + " is expected");
        }
        FutureTask<byte[]> split = new FutureTask<>(() -> {
            WasmModule module = new WasmModule(original);
            cut(module);
            return module.bytes();
        });
        new Thread(null, split, "split", STACK).start();
        Path folder = Path.of(args[2]);
        Path out = folder.resolve("split.wasm");
        Files.createDirectories(folder);
        Files.write(out, split.get());
        compile(out, folder, args[3]);
    }

    /** A function too long for the JVM would run interpreted, so one that is left fails the build. */
    private static void compile(Path module, Path folder, String name) throws IOException {
        Generator generator = new Generator(Config.builder()
                .withWasmFile(module)
                .withName(name)
                .withTargetClassFolder(folder.resolve("classes"))
                .withTargetWasmFolder(folder.resolve("classes"))
                .withTargetSourceFolder(folder.resolve("generated-sources"))
                .withInterpreterFallback(InterpreterFallback.FAIL)
                .build());
        generator.generateMetaWasm(generator.generateResources());
        generator.generateSources();
    }

    private static void cut(WasmModule module) {
        for (int index : module.functions()) {
            Code.Function function = module.function(index);
            if (Size.of(function.body.body) <= Size.BUDGET) {
                continue;
            }
            new Ladders(module, function).cut(function.body);
            Liveness.workOut(function);
            new Helpers(module, function).fit(function.body, Size.BUDGET);
            int left = Size.of(function.body.body);
            if (left > Size.BUDGET) {
                throw new IllegalStateException("function " + index + " is still " + left + " bytes long");
            }
            module.replace(index, function);
        }
    }
}
