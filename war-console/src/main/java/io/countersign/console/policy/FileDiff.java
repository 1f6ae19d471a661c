package io.countersign.console.policy;

import io.countersign.policy.Policy.SourceFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A policy file against what it was, line by line: the longest common subsequence stays, the rest goes and comes. */
public record FileDiff(String name, boolean changed, List<Line> lines) {

    /** Cells of the table that finds the longest common subsequence; beyond that, all that differs goes and comes whole. */
    private static final int MOST_CELLS = 4_000_000;

    /** Unchanged lines shown before and after each change. */
    private static final int CONTEXT = 3;

    public FileDiff {
        lines = List.copyOf(lines);
    }

    /** @param sign {@code +} comes, {@code -} goes, a blank stays, {@code …} stands for unchanged lines that are not shown */
    public record Line(char sign, String text) {

        /** CSS class. */
        public String style() {
            return switch (sign) {
                case '+' -> "comes";
                case '-' -> "goes";
                case '…' -> "gap";
                default -> "stays";
            };
        }
    }

    static List<FileDiff> between(List<SourceFile> before, List<SourceFile> after) {
        Map<String, String> had = texts(before);
        Map<String, String> have = texts(after);
        TreeMap<String, String> names = new TreeMap<>(had);
        names.putAll(have);
        List<FileDiff> files = new ArrayList<>();
        for (String name : names.keySet()) {
            List<String> old = lines(had.getOrDefault(name, ""));
            List<String> now = lines(have.getOrDefault(name, ""));
            boolean changed = !old.equals(now);
            files.add(new FileDiff(name, changed, changed ? shown(diff(old, now)) : List.of()));
        }
        files.sort((one, other) -> Boolean.compare(other.changed, one.changed));
        return files;
    }

    private static Map<String, String> texts(List<SourceFile> files) {
        return files.stream().collect(Collectors.toMap(SourceFile::name, SourceFile::text));
    }

    private static List<String> lines(String text) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split("\\R", -1));
    }

    static List<Line> diff(List<String> old, List<String> now) {
        int head = 0;
        while (head < Math.min(old.size(), now.size()) && old.get(head).equals(now.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < Math.min(old.size(), now.size()) - head
                && old.get(old.size() - 1 - tail).equals(now.get(now.size() - 1 - tail))) {
            tail++;
        }
        List<Line> lines = new ArrayList<>();
        old.subList(0, head).forEach(text -> lines.add(new Line(' ', text)));
        middle(old.subList(head, old.size() - tail), now.subList(head, now.size() - tail), lines);
        old.subList(old.size() - tail, old.size()).forEach(text -> lines.add(new Line(' ', text)));
        return lines;
    }

    private static void middle(List<String> old, List<String> now, List<Line> lines) {
        int i = 0;
        int j = 0;
        if ((long) old.size() * now.size() <= MOST_CELLS) {
            int[][] common = common(old, now);
            while (i < old.size() && j < now.size()) {
                if (old.get(i).equals(now.get(j))) {
                    lines.add(new Line(' ', old.get(i++)));
                    j++;
                } else if (common[i + 1][j] >= common[i][j + 1]) {
                    lines.add(new Line('-', old.get(i++)));
                } else {
                    lines.add(new Line('+', now.get(j++)));
                }
            }
        }
        old.subList(i, old.size()).forEach(text -> lines.add(new Line('-', text)));
        now.subList(j, now.size()).forEach(text -> lines.add(new Line('+', text)));
    }

    private static int[][] common(List<String> old, List<String> now) {
        int[][] common = new int[old.size() + 1][now.size() + 1];
        for (int i = old.size() - 1; i >= 0; i--) {
            for (int j = now.size() - 1; j >= 0; j--) {
                common[i][j] = old.get(i).equals(now.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }

    /** Without what is far from every change. */
    private static List<Line> shown(List<Line> lines) {
        boolean[] near = new boolean[lines.size()];
        for (int at = 0; at < lines.size(); at++) {
            if (lines.get(at).sign() != ' ') {
                Arrays.fill(near, Math.max(0, at - CONTEXT), Math.min(lines.size(), at + CONTEXT + 1), true);
            }
        }
        List<Line> shown = new ArrayList<>();
        for (int at = 0; at < lines.size(); at++) {
            if (near[at]) {
                shown.add(lines.get(at));
            } else if (at == 0 || near[at - 1]) {
                shown.add(new Line('…', ""));
            }
        }
        return shown;
    }
}
