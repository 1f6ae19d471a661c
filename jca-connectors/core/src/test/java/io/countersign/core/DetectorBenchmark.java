package io.countersign.core;

import io.countersign.api.Mask.Detector;
import io.countersign.core.Form.Found;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Prints, as Markdown, how much of generated data each detector finds (recall), how much of what it finds is right (precision),
 * and how fast. Not a test: {@code it/bench/detectors} runs its main method.
 */
final class DetectorBenchmark {

    private static final int VALUES = 5_000;
    private static final int NOTHINGS = 50_000;
    private static final int ROUNDS = 40;

    /** One text, and the one value in it. */
    private record Line(String text, int from, int to) {}

    private record Kind(Detector detector, String name, Callable<String> value) {}

    private DetectorBenchmark() {}

    public static void main(String[] args) throws Exception {
        GeneratedValues made = new GeneratedValues(4711);
        List<Kind> kinds = List.of(
                new Kind(Detector.PAYMENT_CARD, "payment-card", made::card),
                new Kind(Detector.EMAIL, "email", made::address),
                new Kind(Detector.IBAN, "iban", made::iban),
                new Kind(Detector.PHONE, "phone", made::phone),
                new Kind(Detector.PHONE, "phone, as dialled at home elsewhere", made::nationalPhone),
                new Kind(Detector.NATIONAL_ID, "national-id", made::nationalId),
                new Kind(Detector.IP_ADDRESS, "ip-address", made::ip),
                new Kind(Detector.JWT, "jwt", made::jwt),
                new Kind(Detector.API_KEY, "api-key", made::key),
                new Kind(Detector.PEM_BLOCK, "pem-block", made::pem));
        List<String> nothings = new ArrayList<>();
        for (int i = 0; i < NOTHINGS; i++) {
            nothings.add(made.word() + " " + made.nothing() + " " + made.word());
        }
        System.out.println("| detector | precision | recall |");
        System.out.println("|---|---:|---:|");
        for (Kind kind : kinds) {
            Detectors detector = new Detectors(EnumSet.of(kind.detector));
            int right = 0;
            int wrong = 0;
            for (int i = 0; i < VALUES; i++) {
                Line line = line(made, kind.value.call());
                int end = 0;
                for (Found found : detector.find(line.text)) {
                    // What another form found before, with more around it, is hidden with that.
                    if (found.to() > end) {
                        boolean whole = found.from() == line.from && found.to() == line.to;
                        right += whole ? 1 : 0;
                        wrong += whole ? 0 : 1;
                        end = found.to();
                    }
                }
            }
            for (String nothing : nothings) {
                wrong += detector.find(nothing).size();
            }
            System.out.printf(
                    "| %s | %s | %.3f |%n",
                    kind.name,
                    right == 0 ? "–" : "%.3f".formatted((double) right / (right + wrong)),
                    (double) right / VALUES);
        }
        System.out.println();
        speed(made, kinds);
    }

    private static Line line(GeneratedValues made, String value) {
        String before = made.word() + " " + made.word() + " ";
        return new Line(before + value + ", " + made.word(), before.length(), before.length() + value.length());
    }

    private static void speed(GeneratedValues made, List<Kind> kinds) throws Exception {
        Map<String, List<String>> texts = new LinkedHashMap<>();
        texts.put(
                "words only",
                lines(() -> IntStream.range(0, 16).mapToObj(i -> made.word()).collect(Collectors.joining(" "))));
        texts.put(
                "words, an order's number and a date",
                lines(() -> made.word() + " 2024-01-15 10:11 order 471123 " + made.word()));
        texts.put("an e-mail address in each", lines(() -> line(made, made.address()).text));
        texts.put("a card in each", lines(() -> line(made, made.card()).text));
        texts.put("look-alikes", lines(made::nothing));
        System.out.println("| values of text, all " + (kinds.size() - 1)
                + " detectors on, one thread | MB/s | looked at closer |");
        System.out.println("|---|---:|---:|");
        Detectors all = new Detectors(EnumSet.allOf(Detector.class));
        for (Map.Entry<String, List<String>> text : texts.entrySet()) {
            List<byte[]> values = text.getValue().stream()
                    .map(each -> each.getBytes(StandardCharsets.UTF_8))
                    .toList();
            long bytes = values.stream().mapToLong(each -> each.length).sum();
            long closer = values.stream()
                    .filter(each -> all.possible(each, 0, each.length) != 0)
                    .count();
            double best = 0;
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                for (byte[] value : values) {
                    long possible = all.possible(value, 0, value.length);
                    if (possible != 0) {
                        all.find(new String(value, StandardCharsets.UTF_8), possible);
                    }
                }
                best = Math.max(best, bytes * 1e3 / (System.nanoTime() - start));
            }
            System.out.printf("| %s | %.0f | %d %% |%n", text.getKey(), best, closer * 100 / values.size());
        }
    }

    private static List<String> lines(Callable<String> line) throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            lines.add(line.call());
        }
        return lines;
    }
}
