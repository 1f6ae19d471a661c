package io.countersign.launcher;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A running demo as it tells about itself, to people as text and to scripts as JSON.
 *
 * @param data the data directory
 * @param log  the directory of the target's own log, which names every statement that ran
 */
record DemoDescription(DemoPorts ports, Secrets secrets, Path data, Path log) {

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    static String console(DemoPorts ports) {
        return "http://127.0.0.1:" + ports.http() + "/";
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("console", console(ports))
                .put("api", console(ports) + "api")
                .put("issuer", DevelopmentIssuer.address(ports.issuer()));
        json.putArray("targets")
                .addObject()
                .put("name", DemoDatabase.NAME)
                .put("protocol", "postgres")
                .put("host", "127.0.0.1")
                .put("port", ports.postgres())
                .put("database", DemoDatabase.NAME);
        var logins = json.putArray("logins");
        for (DemoLogin login : DemoLogin.ALL) {
            ObjectNode one = logins.addObject().put("name", login.name()).put("password", login.password(secrets));
            login.groups().forEach(one.putArray("groups")::add);
            one.put("role", login.role());
        }
        return json.put("data", data.toString()).put("log", log.toString());
    }

    /** Whole or not at all: whoever waits for the file finds it complete, and readable by its owner only. */
    void writeTo(Path file) {
        try {
            Secrets.write(file, JSON.writeValueAsBytes(json()));
        } catch (IOException e) {
            throw new Failure("The description cannot be written to %s: %s".formatted(file, e), e);
        }
    }

    /**
     * What a person pastes.
     *
     * @param token  the requester's
     * @param script how this person starts Countersign's commands
     */
    String text(String token, String script) {
        StringBuilder logins = new StringBuilder();
        for (DemoLogin login : DemoLogin.ALL) {
            logins.append("    %-8s%-16s%s%n".formatted(login.name(), login.password(secrets), login.role()));
        }
        return """

                Countersign is ready. It listens on this machine only; stop it with Ctrl-C.

                  Console   %1$s
                  Logins    (name, password, role)
                %2$s
                  As alice, ask for something that somebody else must countersign:

                PGPASSWORD='%3$s' \\
                  psql "host=127.0.0.1 port=%4$d dbname=%5$s user=alice" -c "DELETE FROM orders WHERE id = 7"

                  Then approve it in the console as bob. A fresh token, valid for an hour: %6$s token alice
                  Tokens come from a built-in issuer (%7$s) that serves the demo and tests only.
                """.formatted(
                        console(ports),
                        logins,
                        token,
                        ports.postgres(),
                        DemoDatabase.NAME,
                        script,
                        DevelopmentIssuer.address(ports.issuer()));
    }
}
