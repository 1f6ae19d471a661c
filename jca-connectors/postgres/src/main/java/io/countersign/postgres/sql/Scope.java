package io.countersign.postgres.sql;

import java.util.HashSet;
import java.util.Set;

/** Names of common table expressions that can be seen at a point (7.8 "WITH Queries"): they hide tables of the same name. */
record Scope(Set<String> expressions) {

    static final Scope EMPTY = new Scope(Set.of());

    Scope with(String name) {
        Set<String> more = new HashSet<>(expressions);
        more.add(name);
        return new Scope(Set.copyOf(more));
    }

    /** A name with a schema is never one of them. */
    boolean hides(Node relation) {
        return !relation.has("schemaname")
                && !relation.has("catalogname")
                && expressions.contains(relation.text("relname"));
    }
}
