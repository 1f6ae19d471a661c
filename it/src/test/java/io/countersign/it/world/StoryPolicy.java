package io.countersign.it.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Copies of the demo's policy folder with what stories need changed. */
public final class StoryPolicy {

    private static final String IMPATIENT = """
            # For stories only; everything else is the demo's own policy.
            approvers:
              - {name: story-auditors, groups: [auditors]}
            agents:
              - {client-id: night-run}
            targets:
              - name: shop-explained
                protocol: postgres
                host: 127.0.0.1
                port: ${demo.target.port}
                database: shop
                user: ${demo.target.user:shop_gateway}
                password: ${demo.target.password}
                tls: off
                explain: true
              - name: shop-catalogued
                protocol: postgres
                host: 127.0.0.1
                port: ${demo.target.port}
                database: shop
                user: ${demo.target.user:shop_gateway}
                password: ${demo.target.password}
                tls: off
                catalogue: true
            duties:
              - name: two-stages
                carried-by: [support]
                rules:
                  - name: comments-need-two-persons
                    targets: [shop]
                    effects: ["sql:comment"]
                    decision: hold
                    reason: two others must agree
                    approvers: [shop-approvers]
                    quorum: 2
                  - name: listen-is-seen-by-two-kinds-of-people
                    targets: [shop]
                    effects: ["sql:listen"]
                    decision: hold
                    reason: first an approver agrees, then an auditor
                    stages:
                      - {approvers: [shop-approvers], quorum: 1}
                      - {approvers: [story-auditors], quorum: all}
              - name: watched-by-a-machine
                carried-by: [support]
                rules:
                  - name: reindex-asks-a-machine-first
                    targets: [shop]
                    effects: ["sql:reindex"]
                    decision: hold
                    reason: a policy of its own agrees first, then an approver
                    stages:
                      - automatic: {name: change-freeze, opa: "@OPA@", timeout: 10s}
                      - {approvers: [shop-approvers]}
              - name: impatient
                carried-by: [support]
                rules:
                  - name: notify-waits-two-seconds
                    targets: [shop]
                    effects: ["sql:notify"]
                    decision: hold
                    reason: somebody else must agree, and quickly
                    approvers: [shop-approvers]
                    quorum: 1
                    within: 2s
                  - name: cluster-keeps-no-transaction-open
                    targets: [shop]
                    effects: ["sql:cluster"]
                    decision: hold
                    reason: somebody else must agree, and soon where a transaction waits
                    approvers: [shop-approvers]
                    in-transaction: 2s
              - name: need-not-wait
                carried-by: [support]
                rules:
                  - name: analyze-may-come-again
                    targets: [shop]
                    effects: ["sql:analyze"]
                    decision: hold
                    reason: somebody else must agree, while the client may leave
                    approvers: [shop-approvers]
                    rerun: 5m
              - name: explained
                carried-by: [support]
                rules:
                  - name: talk-to-what-is-explained
                    targets: [shop-explained]
                    effects: ["sql:transaction", "sql:select"]
                    decision: permit
                  - name: change-what-is-explained
                    targets: [shop-explained]
                    effects: ["sql:delete", "sql:update"]
                    decision: hold
                    reason: somebody else must agree, and sees what it would do
                    approvers: [shop-approvers]
              - name: catalogued
                carried-by: [support]
                rules:
                  - name: read-what-is-catalogued
                    targets: [shop-catalogued]
                    effects: ["sql:select"]
                    decision: permit
                  - name: nobody-reads-what-was-ordered
                    targets: [shop-catalogued]
                    effects: ["sql:select on table public.order_items"]
                    decision: refuse
                    reason: what people order is nobody's business
              - name: tidy
                carried-by: [support]
                rules:
                  - name: vacuum-needs-a-second-person
                    targets: [shop]
                    effects: ["sql:vacuum"]
                    decision: hold
                    reason: somebody else must agree
                    approvers: [shop-approvers]
              - name: emergency
                carried-by: [support]
                break-glass: {lasts: 10m, signed-in-within: 5m, approvers: [shop-approvers]}
                rules:
                  - name: vacuum-in-an-emergency
                    targets: [shop]
                    effects: ["sql:vacuum"]
                    decision: permit
              - name: lock-tables
                grants: {to: [support], longest: 1h, approvers: [shop-approvers]}
                rules:
                  - name: lock-for-a-time
                    targets: [shop]
                    effects: ["sql:lock on table public.*"]
                    decision: permit
            separations:
              - name: who-copies-tellers-does-not-delete-them
                kind: object
                apart:
                  - effects: ["sql:copy-to on table public.pgbench_tellers"]
                  - effects: ["sql:delete on table public.pgbench_tellers"]
            """;

    private static final String KEYCLOAK = """
            # For stories only: people of a real identity provider, in the demo's own groups.
            issuers:
              - name: keycloak
                issuer: ${keycloak.issuer}
                jwks: ${keycloak.issuer}/protocol/openid-connect/certs
                audience: countersign
                development: true    # by http, on loopback
            agents:
              - {client-id: night-agent, issuer: keycloak, owners: [ben@keycloak.example], groups: [support]}
              - {client-id: deploy-agent, issuer: keycloak}
            """;

    private StoryPolicy() {}

    /** With a rule that holds NOTIFY for two seconds only. */
    public static Path folder() {
        Path folder = copy();
        write(folder.resolve("stories.yaml"), IMPATIENT.replace("@OPA@", PolicyAgent.address()));
        return folder;
    }

    /** With a second issuer, whose address is the setting {@code keycloak.issuer}. */
    public static Path folderWithKeycloak() {
        Path folder = copy();
        write(folder.resolve("keycloak.yaml"), KEYCLOAK);
        return folder;
    }

    /** With room for many sessions of one identity. */
    public static Path folderWithSessions(int sessions) {
        Path folder = copy();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file);
                write(
                        file,
                        text.replaceAll("per-identity: *\\d+", "per-identity: " + sessions)
                                .replaceAll("total: *\\d+", "total: " + 2 * sessions));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    private static Path copy() {
        Path home = Path.of(System.getProperty("countersign.home", ".."))
                .toAbsolutePath()
                .normalize();
        Path folder = Demo.freshFolder("policy");
        try (Stream<Path> files = Files.list(home.resolve("server-config/src/main/demo-policy"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
