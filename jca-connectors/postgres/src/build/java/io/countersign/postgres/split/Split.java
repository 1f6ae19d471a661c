package io.countersign.postgres.split;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.FutureTask;

/** The build's step: {@code Split IN OUT SHA-256-OF-IN}. */
public final class Split {

    /** Bytes; a switch of 2,000 cases is 2,000 blocks deep, and everything here recurses over them. */
    private static final long STACK = 256L << 20;

    private Split() {}

    public static void main(String[] args) throws Exception {
        byte[] original = Files.readAllBytes(Path.of(args[0]));
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(original));
        if (!sha256.equals(args[2])) {
            throw new IOException(args[0] + " has SHA-256 " + sha256 + " where " + args[2] + " is expected");
        }
        FutureTask<byte[]> split = new FutureTask<>(() -> {
            WasmModule module = new WasmModule(original);
            cut(module);
            return module.bytes();
        });
        new Thread(null, split, "split", STACK).start();
        Path out = Path.of(args[1]);
        Files.createDirectories(out.getParent());
        Files.write(out, split.get());
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
