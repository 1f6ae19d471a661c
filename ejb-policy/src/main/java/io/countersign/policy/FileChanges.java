package io.countersign.policy;

import io.countersign.policy.Policy.SourceFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What changes in what the files say beside duties, approvers and roles: entry by entry and field by field, as written.
 * Variables are not resolved, so no secret shows.
 */
final class FileChanges {

    /** Told in words of their own by {@link Changes} and {@link PlanChanges}. */
    private static final Set<String> TOLD = Set.of("duties", "approvers", "roles", "plans");

    private FileChanges() {}

    static List<Change> between(List<SourceFile> before, List<SourceFile> after) {
        Map<String, String> had = entries(before);
        Map<String, String> have = entries(after);
        Set<String> names = new TreeSet<>(had.keySet());
        names.addAll(have.keySet());
        List<Change> changes = new ArrayList<>();
        for (String name : names) {
            String old = had.get(name);
            String now = have.get(name);
            if (!Objects.equals(old, now)) {
                changes.add(Change.alters(words(name, old, now)));
            }
        }
        return changes;
    }

    private static String words(String name, @Nullable String old, @Nullable String now) {
        if (old == null) {
            return "New: " + name + " " + now + ".";
        }
        return now == null ? "Gone: " + name + " " + old + "." : name + " is " + now + ", and was " + old + ".";
    }

    /** By name, what each entry says: {@code target shop} → {@code {host=db, port=5432}}. */
    private static Map<String, String> entries(List<SourceFile> files) {
        Map<String, String> entries = new TreeMap<>();
        for (SourceFile file : files) {
            Object root = new Load(LoadSettings.builder()
                            .setAllowDuplicateKeys(true)
                            .setMaxAliasesForCollections(0)
                            .build())
                    .loadFromString(file.text());
            if (root instanceof Map<?, ?> keys) {
                keys.forEach((key, value) -> {
                    if (!TOLD.contains(String.valueOf(key))) {
                        put(entries, String.valueOf(key), value);
                    }
                });
            }
        }
        return entries;
    }

    private static void put(Map<String, String> entries, String key, @Nullable Object value) {
        if (!(value instanceof List<?> list)) {
            entries.merge(key, said(value), (one, other) -> one + " and " + other);
            return;
        }
        String one = key.endsWith("s") ? key.substring(0, key.length() - 1) : key;
        for (Object entry : list) {
            if (entry instanceof Map<?, ?> fields && (fields.get("name") != null || fields.get("id") != null)) {
                Map<Object, Object> rest = new LinkedHashMap<>(fields);
                Object name = rest.remove(fields.get("name") != null ? "name" : "id");
                entries.merge(one + " " + name, said(rest), (a, b) -> a + " and " + b);
            } else {
                entries.merge(key, said(entry), (a, b) -> a + " and " + b);
            }
        }
    }

    /** Keys in one order, so that only what is said counts. */
    private static String said(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            TreeMap<String, String> sorted = new TreeMap<>();
            map.forEach((key, each) -> sorted.put(String.valueOf(key), said(each)));
            return sorted.toString();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(FileChanges::said).toList().toString();
        }
        return String.valueOf(value);
    }
}
