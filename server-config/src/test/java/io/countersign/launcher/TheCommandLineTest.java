package io.countersign.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TheCommandLineTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void explainsItselfAndEachCommand() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("demo")
                .contains("token")
                .contains("login")
                .contains("ticket")
                .contains("effects")
                .contains("check")
                .contains("policy")
                .contains("test")
                .contains("fuzz");

        assertThat(run("demo", "--help")).isZero();
        assertThat(out.toString()).contains("--describe=FILE").contains("--store=JDBC-URL");
        assertThat(run("token", "--version")).isZero();
        assertThat(out.toString()).contains("countersign ");
    }

    @Test
    void saysInASentenceWhatIsMissing() {
        assertThat(run("token", "alice", "--data", "/nowhere")).isEqualTo(1);

        assertThat(err.toString())
                .startsWith("countersign: There is no demo in /nowhere.")
                .doesNotContain("\tat ");
    }

    @Test
    void getsNoTokenInClearFromAnotherMachine() {
        assertThat(run("login", "--issuer", "http://login.example.com", "--client-id", "terminal"))
                .isEqualTo(1);

        assertThat(err.toString()).contains("not an address of https").doesNotContain("\tat ");
    }

    @Test
    void sendsNoTokenInClearForATicketEither() {
        assertThat(run("ticket", "shop", "--api", "http://countersign.example.com/api"))
                .isEqualTo(1);

        assertThat(err.toString()).contains("not an address of https").doesNotContain("\tat ");
    }

    @Test
    void saysWhereATicketsTokenMayComeFrom() {
        assertThat(run("ticket", "shop", "--api", "https://127.0.0.1:1/api", "--ttl", "soon"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("'soon' is not a time such as 90s, 15m, 2h or 1d.");

        assertThat(run("ticket", "shop", "--api", "https://127.0.0.1:1/api", "--token-file", "/nowhere"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("The token's file /nowhere cannot be read");

        assertThat(run("ticket", "--help")).isZero();
        assertThat(out.toString()).contains("TARGET", "--ttl=TIME", "--token-file=FILE", "COUNTERSIGN_TOKEN");
    }

    @Test
    void printsNothingOfATokenThatIsNone(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("token");
        Files.writeString(file, "eyJsecret\nof-two-lines");
        assertThat(run("ticket", "shop", "--api", "https://127.0.0.1:1/api", "--token-file", file.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("is no token").doesNotContain("eyJsecret", "of-two-lines");

        Files.writeString(file, "e".repeat(70_000));
        assertThat(run("ticket", "shop", "--api", "https://127.0.0.1:1/api", "--token-file", file.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("is longer than 65536 bytes");
    }

    @Test
    void fuzzesInACheckoutOnly() {
        assertThat(run("fuzz", "--seed", "7", "10")).isEqualTo(1);
        assertThat(err.toString()).contains("'./countersign fuzz --seed 7 10' there");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThat(run("approve")).isEqualTo(2);
        assertThat(err.toString()).contains("approve");

        assertThat(run("effects", "mysql")).isEqualTo(2);
        assertThat(err.toString()).contains("'mysql' is not known");
    }

    private int run(String... arguments) {
        CommandLine line = Countersign.commandLine();
        return line.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
