package io.countersign.plan;

import static io.countersign.approval.Requests.person;

import io.countersign.api.Bind;
import io.countersign.api.Command;
import io.countersign.api.Content;
import io.countersign.api.DelegationChain;
import io.countersign.api.Digest;
import io.countersign.api.Effect;
import io.countersign.api.Identity;
import io.countersign.api.Resource;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import io.countersign.plan.Draft.Drafted;
import io.countersign.policy.Policy;
import io.countersign.policy.PolicyException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** A policy with plans, people, and commands of theirs. */
final class Office {

    static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    static final Identity ANNA = person("anna", "support");
    static final Identity OTTO = person("otto", "operations");
    static final SessionId SESSION = new SessionId(new UUID(0, 7));

    static final String POLICY = """
            issuers:
              - {name: demo, issuer: "https://issuer.example", jwks: "https://issuer.example/jwks", audience: countersign}
            targets:
              - {name: shop, protocol: postgres, host: db, port: 5432, user: gateway, password: "${p}", tls: verify-full}
            approvers:
              - {name: seniors, groups: [approvers]}
              - {name: guards, groups: [security]}
            plans: {planners: [support], executors: [operations], approvers: [seniors]}
            duties:
              - name: support
                carried-by: [support]
                rules:
                  - {name: read, targets: [shop], effects: ["sql:select"], decision: permit}
                  - {name: change, targets: [shop], effects: ["sql:update"], decision: hold, reason: two see more, approvers: [seniors]}
                  - {name: remove, targets: [shop], effects: ["sql:delete"], decision: hold, reason: guards look, approvers: [guards]}
                  - {name: never, targets: [shop], effects: ["sql:drop"], decision: refuse, reason: never here}
                  - name: not-through-robots
                    targets: [shop]
                    effects: ["sql:update"]
                    when: 'actor.kind == "agent"'
                    decision: hold
                    reason: guards look at robots
                    approvers: [guards]
            """;

    static final SortedMap<String, String> NOTHING = new TreeMap<>();

    private Office() {}

    static Policy policy() {
        return policy(POLICY);
    }

    static Policy policy(String text) {
        try {
            return Policy.of(List.of(new Policy.SourceFile("shop.yaml", text)), name -> "secret");
        } catch (PolicyException e) {
            throw new AssertionError(e.problems().toString(), e);
        }
    }

    static Content content(String text, String action) {
        return new Content(
                text,
                Digest.of(text.getBytes(StandardCharsets.UTF_8)),
                List.of("TEST"),
                List.of(Effect.of(action, new Resource("table", List.of("public", "orders")))),
                Set.of());
    }

    static Drafted read(String text) {
        return new Drafted(content(text, "sql:select"), List.of());
    }

    static Drafted update(String text, OpenParameter... open) {
        return new Drafted(content(text, "sql:update"), List.of(open));
    }

    static Draft draft(Drafted... commands) {
        return new Draft(DelegationChain.of(ANNA), "postgres", "shop", "month end", NOTHING, List.of(commands));
    }

    static Command command(DelegationChain who, Content content, Bind... binds) {
        Session session = new Session(SESSION, who, "postgres", "shop", "127.0.0.1:5", NOON, Instant.MAX);
        return new Command(
                session, 1, Command.Phase.RUN, content, List.of(binds), Map.of("transaction", "I", "role", "app"));
    }

    static Bind bind(String value) {
        return new Bind("", value, value.getBytes(StandardCharsets.UTF_8));
    }
}
