package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The ledger of a gateway at work is judged by a policy that is not in force. */
@ExtendWith(SharedDemo.class)
class APolicyIsReplayedBeforeItComesIntoForce {

    @Test
    void itSaysWhatWouldBeDecidedOtherwise(Demo demo) throws IOException {
        demo.psqlOnce("alice", "SELECT 'replayed'").orFail();
        Path folder = Demo.freshFolder("replayed");
        try (Stream<Path> files = Files.list(demo.policy())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.writeString(
                        folder.resolve(file.getFileName()),
                        Files.readString(file).replace("- sql:select on nothing ", "- sql:select on nowhere "));
            }
        }
        Program.Result told = replay(demo, folder.toString(), "dave");
        assertThat(told.status()).isEqualTo(2);
        assertThat(told.out())
                .contains("alice on shop: permit (look-around) -> refuse (no rule)")
                .contains("    SELECT 'replayed'");
        assertThat(replay(demo, folder.toString(), "alice").err()).contains("The gateway answered 403");
    }

    private static Program.Result replay(Demo demo, String policy, String login) {
        return Program.start(
                        List.of(
                                Demo.home("countersign"),
                                "policy",
                                "replay",
                                policy,
                                "--api",
                                demo.described().get("api").asText()),
                        Map.of("COUNTERSIGN_TOKEN", demo.token(login)))
                .finish();
    }
}
