package io.countersign.postgres;

import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.Parse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages of the extended protocol (54.2.3) that are kept until it is known what they add up to: at most one Parse and
 * one Bind, which belong together, with what was asked about them.
 */
final class Segment {

    final List<Expected> expected = new ArrayList<>();

    @Nullable
    Parse parse;

    @Nullable
    Prepared prepared;

    @Nullable
    Bind bind;

    @Nullable
    Portal portal;

    int bytes;

    boolean isEmpty() {
        return bytes == 0;
    }

    /** Whether forwarding it would have the target read or plan a statement. */
    boolean prepares() {
        return parse != null || bind != null;
    }

    /** The statement by this name, if it is made here. */
    @Nullable
    Prepared statement(String name) {
        return parse != null && parse.name().equals(name) ? prepared : null;
    }

    /** The portal by this name, if it is made here. */
    @Nullable
    Portal portal(String name) {
        return bind != null && bind.portal().equals(name) ? portal : null;
    }

    void parse(int length, Parse message, Prepared made) {
        parse = message;
        prepared = made;
        Expected next = Expected.of(Expected.Kind.PARSE);
        next.name = message.name();
        next.prepared = made;
        add(length, next);
    }

    void bind(int length, Bind message, Portal made) {
        bind = message;
        portal = made;
        Expected next = Expected.of(Expected.Kind.BIND);
        next.portal = made;
        add(length, next);
    }

    void describe(int length, Prepared described) {
        Expected next = Expected.of(Expected.Kind.DESCRIBE_STATEMENT);
        next.prepared = described;
        add(length, next);
    }

    /** @param described null where it is none that the client has bound */
    void describe(int length, @Nullable Portal described) {
        Expected next = Expected.of(Expected.Kind.DESCRIBE_PORTAL);
        next.portal = described;
        add(length, next);
    }

    /** @param before what the name meant */
    void closeStatement(int length, String name, @Nullable Prepared before) {
        Expected next = Expected.of(Expected.Kind.CLOSE_STATEMENT);
        next.name = name;
        next.before = before;
        add(length, next);
    }

    void closePortal(int length, String name) {
        Expected next = Expected.of(Expected.Kind.CLOSE_PORTAL);
        next.name = name;
        add(length, next);
    }

    void add(int length, Expected next) {
        bytes += length;
        expected.add(next);
    }
}
