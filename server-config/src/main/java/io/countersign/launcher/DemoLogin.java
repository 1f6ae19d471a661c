package io.countersign.launcher;

import java.util.List;

/**
 * Somebody who can sign in to the demo, in the console and for tokens.
 *
 * @param role what the login is there to show
 */
record DemoLogin(String name, String fullName, String role, List<String> groups) {

    static final List<DemoLogin> ALL = List.of(
            new DemoLogin("alice", "Alice Adams", "requester", List.of("support")),
            new DemoLogin("bob", "Bob Baker", "approver", List.of("approvers")),
            new DemoLogin("carol", "Carol Clark", "approver", List.of("approvers")),
            new DemoLogin("dave", "Dave Dixon", "auditor", List.of("auditors")),
            new DemoLogin("frank", "Frank Field", "requester", List.of("dba")),
            new DemoLogin("erin", "Erin Evans", "administrator", List.of("administrators")));

    static DemoLogin named(String name) {
        return ALL.stream()
                .filter(login -> login.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Failure("The demo has no login " + name + ". It has "
                        + String.join(", ", ALL.stream().map(DemoLogin::name).toList()) + "."));
    }

    /** In a domain that nobody owns (RFC 2606 §3). */
    String email() {
        return name + "@example.com";
    }

    /** The password of this login in this demo; generated, so that a forgotten demo is no open door. */
    String password(Secrets secrets) {
        return secrets.password("login-" + name);
    }
}
