package io.countersign.rest;

import io.countersign.approval.Choice;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** A vote as it comes in: {@code {"decision": "approve", "comment": "..."}}. */
record Ballot(Choice choice, String comment) {

    /** Bytes; the longest comment in the widest encoding fits four times. */
    static final int LONGEST_BODY = 16 * 1024;

    private static final List<String> MEMBERS = List.of("decision", "comment");

    static Ballot read(InputStream body) throws IOException {
        Map<String, String> members = Texts.read(body, "A vote", MEMBERS, LONGEST_BODY);
        return new Ballot(choice(members.getOrDefault("decision", "")), members.getOrDefault("comment", ""));
    }

    private static Choice choice(String word) {
        return switch (word) {
            case "approve" -> Choice.APPROVE;
            case "reject" -> Choice.REJECT;
            default -> throw Texts.bad("The decision is approve or reject.");
        };
    }
}
