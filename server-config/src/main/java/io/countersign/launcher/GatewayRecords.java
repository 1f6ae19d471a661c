package io.countersign.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.api.Secret;
import io.countersign.policy.Policy.SourceFile;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/** What a running gateway's REST interface tells an auditor: the ledger's entries, and the policy's revisions. */
final class GatewayRecords implements Iterable<String> {

    /** Items of a list that are asked for at a time. */
    private static final int MOST_RECORDS = 1_000;

    private static final int MOST_PROPOSALS = 100;

    /** Bytes of an answer; a policy may have 4 MiB, and an entry the text of a command with every character escaped. */
    private static final int LONGEST = 64 << 20;

    private final GatewayApi gateway;
    private final Secret token;
    private final int longest;

    GatewayRecords(GatewayApi gateway, Secret token) {
        this(gateway, token, LONGEST);
    }

    GatewayRecords(GatewayApi gateway, Secret token, int longest) {
        this.gateway = gateway;
        this.token = token;
        this.longest = longest;
    }

    /** The files of a revision that was proposed there, by its hash; empty where none was. */
    Optional<List<SourceFile>> revision(String revision) {
        int offset = 0;
        while (true) {
            JsonNode page = page("/policy/proposals?offset=" + offset, MOST_PROPOSALS);
            for (JsonNode proposal : page) {
                if (proposal.path("revision").asText().equals(revision)) {
                    List<SourceFile> files = new ArrayList<>();
                    proposal.path("files")
                            .properties()
                            .forEach(file -> files.add(new SourceFile(
                                    file.getKey(), file.getValue().asText())));
                    return Optional.of(files);
                }
            }
            if (page.isEmpty()) {
                return Optional.empty();
            }
            offset += page.size();
        }
    }

    /** The ledger's entries from the first on, fetched as they are asked for. */
    @Override
    public Iterator<String> iterator() {
        return new Iterator<>() {
            private long after = -1;
            private Iterator<JsonNode> page = next(after);

            @Override
            public boolean hasNext() {
                return page.hasNext();
            }

            @Override
            public String next() {
                if (!page.hasNext()) {
                    throw new NoSuchElementException("the ledger ends at entry " + after);
                }
                JsonNode entry = page.next();
                after = entry.path("sequence").asLong();
                if (!page.hasNext()) {
                    page = next(after);
                }
                return entry.path("entry").toString();
            }

            private Iterator<JsonNode> next(long from) {
                return page("/records?after=" + from, MOST_RECORDS).iterator();
            }
        };
    }

    /** A part of a list: with fewer items where so many are too long together, but never without a single one that is there. */
    private JsonNode page(String list, int most) {
        String path = list + "&limit=" + most;
        GatewayApi.Answer answer;
        try {
            answer = gateway.get(token, path, longest);
        } catch (GatewayApi.TooLong e) {
            if (most == 1) {
                throw e;
            }
            return page(list, most / 2);
        }
        if (answer.status() != 200) {
            throw new Failure("The gateway answered %d to %s: %s. Its ledger is for auditors and administrators."
                    .formatted(answer.status(), path, answer.why()));
        }
        return answer.json();
    }
}
