package io.countersign.policy;

import io.countersign.api.Command;
import io.countersign.api.Content;
import io.countersign.api.DelegationChain;
import io.countersign.api.Digest;
import io.countersign.api.Effect;
import io.countersign.api.Identity;
import io.countersign.api.Resource;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** A small policy to ask questions of. */
final class Shop {

    static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    static final String BASE = """
            issuers:
              - {name: demo, issuer: "https://id.example", jwks: "https://id.example/jwks", audience: countersign}
            targets:
              - {name: shop, protocol: postgres, host: db, port: 5432, user: gateway, password: "${shop.password}", tls: verify-full}
            approvers:
              - {name: seniors, groups: [approvers]}
            masks:
              - {name: cards, detect: [payment-card], way: keep-last-4}
              - {name: mail, detect: [email], way: redact}
            """;

    private Shop() {}

    static Policy policy(Path folder, String duties) throws IOException, PolicyException {
        Files.writeString(folder.resolve("a-base.yaml"), BASE);
        Files.writeString(folder.resolve("b-duties.yaml"), duties);
        return Policy.load(folder, name -> name.equals("nowhere") ? null : "secret");
    }

    static Identity person(String name, String... groups) {
        return new Identity("https://id.example", name, name, Set.of(groups), Identity.Kind.PERSON);
    }

    static Identity agent(String name) {
        return new Identity("https://id.example", name, name, Set.of(), Identity.Kind.AGENT);
    }

    static Command command(DelegationChain requester, String text, Effect... effects) {
        Session session = new Session(
                new SessionId(new UUID(0, 1)), requester, "postgres", "shop", "127.0.0.1:1", NOON, Instant.MAX);
        Content content = new Content(
                text, Digest.of(text.getBytes(StandardCharsets.UTF_8)), List.of("TEST"), List.of(effects), Set.of());
        return new Command(session, 1, Command.Phase.RUN, content, List.of(), Map.of("transaction", "I"));
    }

    static Command preparing(Command command) {
        return new Command(
                command.session(), 2, Command.Phase.PREPARE, command.content(), command.binds(), command.state());
    }

    static Effect effect(String action, String... path) {
        return Effect.of(action, new Resource("table", List.of(path)));
    }

    static Effect flagged(String action, String flag, String... path) {
        return new Effect(action, new Resource("table", List.of(path)), Set.of(flag));
    }

    static List<String> problems(Path folder, String duties) throws IOException {
        try {
            policy(folder, duties);
            return List.of();
        } catch (PolicyException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }

    static Stream<String> rules(Decision decision) {
        return decision.reasons().stream().map(Decision.Reason::rule);
    }
}
