package io.countersign.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TheDescriptionOfADemoTest {

    @TempDir
    Path folder;

    private Secrets secrets;
    private DemoDescription description;

    @BeforeEach
    void describe() {
        secrets = new Secrets(folder);
        description = new DemoDescription(
                new DemoPorts(1111, 2222, 3333, 4444), secrets, Path.of("/data"), Path.of("/data/log"));
    }

    @Test
    void tellsScriptsEveryAddressAndLogin() throws Exception {
        Path file = folder.resolve("demo.json");
        description.writeTo(file);

        JsonNode json = new JsonMapper().readTree(file.toFile());
        assertThat(json.path("console").asText()).isEqualTo("http://127.0.0.1:1111/");
        assertThat(json.path("api").asText()).isEqualTo("http://127.0.0.1:1111/api");
        assertThat(json.path("issuer").asText()).isEqualTo("http://127.0.0.1:3333");
        assertThat(json.path("targets").toString())
                .isEqualTo(
                        "[{\"name\":\"shop\",\"protocol\":\"postgres\",\"host\":\"127.0.0.1\",\"port\":2222,\"database\":\"shop\"}]");
        assertThat(json.path("logins")).hasSize(6);
        JsonNode bob = json.path("logins").path(1);
        assertThat(bob.path("name").asText()).isEqualTo("bob");
        assertThat(bob.path("role").asText()).isEqualTo("approver");
        assertThat(bob.path("groups").toString()).isEqualTo("[\"approvers\"]");
        assertThat(bob.path("password").asText())
                .isEqualTo(DemoLogin.named("bob").password(secrets))
                .hasSize(12);
        assertThat(json.path("data").asText()).isEqualTo("/data");
        assertThat(json.path("log").asText()).isEqualTo("/data/log");
    }

    @Test
    void isReadByItsOwnerOnlyBecauseItHoldsPasswords() throws Exception {
        Path file = Files.createFile(folder.resolve("demo.json"));
        description.writeTo(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void tellsAPersonWhatToPaste() {
        assertThat(description.text("to.ke.n", "./countersign"))
                .contains("PGPASSWORD='to.ke.n'")
                .contains("host=127.0.0.1 port=2222 dbname=shop user=alice")
                .contains("http://127.0.0.1:1111/")
                .contains(DemoLogin.named("dave").password(secrets))
                .contains("./countersign token alice")
                .contains("serves the demo and tests only");
    }

    @Test
    void cannotGoWhereThereIsNoFolder() {
        assertThatThrownBy(() -> description.writeTo(folder.resolve("missing/demo.json")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("missing/demo.json");
    }
}
