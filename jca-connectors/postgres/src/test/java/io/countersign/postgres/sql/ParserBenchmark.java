package io.countersign.postgres.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Prints how long it takes to read statements, new and known. Not a test: run its main method, alone on the machine.
 */
final class ParserBenchmark {

    private static final int ROUNDS = 8;

    private ParserBenchmark() {}

    public static void main(String[] args) throws Exception {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("SELECT 1", "SELECT 1");
        texts.put("one table", "SELECT id, name FROM customers WHERE id = $1 AND status = 'open'");
        texts.put(
                "20 joins",
                "SELECT a.id FROM a"
                        + IntStream.range(0, 20)
                                .mapToObj(i ->
                                        " JOIN s.t" + i + " AS x" + i + " ON x" + i + ".id = a.id AND x" + i + ".b > 1")
                                .collect(Collectors.joining()));
        texts.put(
                "1,000 rows",
                "INSERT INTO t (a, b, c) VALUES "
                        + IntStream.range(0, 1_000)
                                .mapToObj(i -> "(" + i + ", 'some text', now())")
                                .collect(Collectors.joining(", ")));
        StatementReader reader = new StatementReader();
        for (Map.Entry<String, String> text : texts.entrySet()) {
            int times = Math.clamp(40_000_000L / (400L * text.getValue().length()), 20, 20_000);
            double best = Double.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                best = Math.min(best, microseconds(reader, text.getValue(), times));
            }
            System.out.printf(
                    "%-12s %8.1f µs, 2 threads %9.0f/s%n",
                    text.getKey(), best, together(reader, text.getValue(), times));
        }
        long start = System.nanoTime();
        for (int i = 0; i < 5_000_000; i++) {
            reader.read("SELECT 1");
        }
        System.out.printf("%-12s %8.3f µs%n", "known", (System.nanoTime() - start) / 5e9);
    }

    /** A comment at the end makes each text a new one. */
    private static double microseconds(StatementReader reader, String text, int times) throws NotUnderstood {
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            reader.read(text + " /* " + start + i + " */");
        }
        return (System.nanoTime() - start) / 1e3 / times;
    }

    private static double together(StatementReader reader, String text, int times) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < 2; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    microseconds(reader, text, times);
                } catch (NotUnderstood e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return 2e9 * times / (System.nanoTime() - start);
    }
}
