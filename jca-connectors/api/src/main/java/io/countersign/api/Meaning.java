package io.countersign.api;

/** What a text would mean as a command, read outside of any session. */
public sealed interface Meaning {

    record Clear(Content content) implements Meaning {}

    /** @param why one sentence, fit for whoever wrote the text */
    record Unclear(String why) implements Meaning {}
}
