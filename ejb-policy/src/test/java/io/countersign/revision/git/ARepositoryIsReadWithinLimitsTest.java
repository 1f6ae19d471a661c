package io.countersign.revision.git;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.policy.Policy.SourceFile;
import io.countersign.policy.PolicyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may push to the repository can propose a policy, and nothing else. */
class ARepositoryIsReadWithinLimitsTest {

    @TempDir
    private Path folder;

    private Written written;

    @BeforeEach
    void begin() throws Exception {
        written = Written.in(folder.resolve("upstream"));
    }

    @AfterEach
    void end() {
        written.close();
    }

    @Test
    void asAFolderOnDiskIs() throws Exception {
        written.commit("erin", "policy/b.yaml", "two");
        written.commit("erin", "policy/a.yml", "one");
        written.commit("erin", "policy/tests/shop.yaml", "no part of it");
        written.commit("erin", "policy/README.md", "nor this");
        assertThat(read()).containsExactly(new SourceFile("a.yml", "one"), new SourceFile("b.yaml", "two"));
        assertThat(written.folder.resolve("policy")).isDirectoryContaining("glob:**/a.yml");
        assertThat(folder.resolve("copy.git/policy")).doesNotExist(); // no work tree
    }

    @Test
    void withoutLinks() throws Exception {
        Files.createDirectories(written.folder.resolve("policy"));
        Files.createSymbolicLink(written.folder.resolve("policy/shop.yaml"), Path.of("/etc/passwd"));
        written.commit("bob", "docs/readme", "and a link");
        assertThatThrownBy(this::read)
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("shop.yaml is no file but a link");
    }

    @Test
    void withoutLargeFiles() throws Exception {
        written.commit("bob", "policy/shop.yaml", "#".repeat((1 << 20) + 1));
        assertThatThrownBy(this::read).isInstanceOf(PolicyException.class).hasMessageContaining("larger than 1048576");
    }

    @Test
    void withoutWhatIsNoText() throws Exception {
        Files.createDirectories(written.folder.resolve("policy"));
        Files.write(written.folder.resolve("policy/shop.yaml"), new byte[] {'a', (byte) 0xC3, 'b'});
        written.commit("bob", "docs/readme", "and a blob");
        assertThatThrownBy(this::read).isInstanceOf(PolicyException.class).hasMessageContaining("is not UTF-8");
    }

    @Test
    void withoutMoreFilesThanAPolicyHas() throws Exception {
        Files.createDirectories(written.folder.resolve("policy"));
        for (int i = 0; i <= 100; i++) {
            Files.writeString(written.folder.resolve("policy/" + i + ".yaml"), "");
        }
        written.commit("bob", "docs/readme", "and many");
        assertThatThrownBy(this::read).isInstanceOf(PolicyException.class).hasMessageContaining("at most 100 files");
    }

    @Test
    void andIsMissedWhereThereIsNone() throws Exception {
        written.commit("bob", "docs/readme", "no policy");
        assertThatThrownBy(this::read)
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("no file named *.yaml in policy");
        assertThatThrownBy(() -> branch("nowhere").pull()).isInstanceOf(IOException.class);
    }

    /** Not even kept on disk, wherever in the repository it lies. */
    @Test
    void aLargeObjectIsNotTakenAtAll() throws Exception {
        written.commit("erin", "policy/shop.yaml", "small");
        String before = branch("main").pull();
        byte[] noise = new byte[(int) LocalCopy.LARGEST_OBJECT + 1];
        new Random(1).nextBytes(noise);
        Files.write(written.folder.resolve("large"), noise);
        written.commit("bob", "policy/shop.yaml", "and a large one");
        assertThatThrownBy(() -> branch("main").pull())
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("Object too large");
        assertThat(branch("main").files(before)).containsExactly(new SourceFile("shop.yaml", "small"));
    }

    @Test
    void whatAKilledProcessLeftLockedIsPulledAgain() throws Exception {
        written.commit("erin", "policy/shop.yaml", "one");
        PolicyBranch branch = branch("main");
        branch.pull();
        Files.createFile(folder.resolve("copy.git/refs/countersign/policy.lock"));
        String newest = written.commit("erin", "policy/shop.yaml", "two");
        assertThatThrownBy(branch::pull).isInstanceOf(IOException.class);
        branch.recover();
        assertThat(branch.pull()).isEqualTo(newest);
        assertThat(branch.files(newest)).containsExactly(new SourceFile("shop.yaml", "two"));
    }

    @Test
    void norMoreThanSoMuchInOnePull() {
        assertThatThrownBy(() -> new Limited(new java.io.ByteArrayInputStream(new byte[11]), 10).readAllBytes())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than 10 bytes");
    }

    @Test
    void theMachinesOwnSettingsForGitAreNotRead() throws Exception {
        OwnSettings.keep();
        assertThat(SystemReader.getInstance().getUserConfig().toText()).isEmpty();
        assertThat(SystemReader.getInstance().getSystemConfig().toText()).isEmpty();
        assertThat(SystemReader.getInstance().getenv("PATH")).isNull();
        assertThat(FS.DETECTED.getGitSystemConfig()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ssh://git@example.com/policy.git   | ssh is not supported",
                "git@example.com:policy.git         | ",
                "git://example.com/policy.git       | ssh is not supported",
                "ext::sh -c id                      | ",
                "http://example.com/policy.git      | pulled by https",
                "http://127.0.0.1.example.com/p.git | pulled by https",
                "https://bob:secret@example.com/p   | would be logged",
                "policy.git                         | not supported"
            })
    void andOnlyFromWhereItIsSafe(String url, String why) {
        assertThatThrownBy(() -> new Upstream(url, "main", "", Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why == null ? "" : why)
                .hasMessageNotContaining("secret");
    }

    @Test
    void aFolderIsOneWithinTheRepository() {
        assertThat(new Upstream("/srv/policy.git", "main", "/a/../policy/", Optional.empty()).folder())
                .isEqualTo("policy");
        assertThat(new Upstream("/srv/policy.git", "main", "../../etc", Optional.empty()).folder())
                .isEqualTo("etc");
        assertThatThrownBy(() -> new Upstream("/srv/policy.git", "main:refs/heads/x", "", Optional.empty()))
                .hasMessageContaining("no name of a branch");
    }

    @Test
    void aCredentialIsOneLine() throws Exception {
        Path file = folder.resolve("credential");
        Files.writeString(file, "bob:s3cret\n", UTF_8);
        assertThat(Credential.in(file)).asString().doesNotContain("s3cret");
        for (String wrong : List.of("token", "a:b\nc:d", "x".repeat(5000))) {
            Files.writeString(file, wrong, UTF_8);
            assertThatThrownBy(() -> Credential.in(file)).isInstanceOf(IOException.class);
        }
    }

    private List<SourceFile> read() throws Exception {
        PolicyBranch branch = branch("main");
        return branch.files(branch.pull());
    }

    private PolicyBranch branch(String name) {
        return new PolicyBranch(
                new Upstream(written.folder.toUri().toString(), name, "policy", Optional.empty()),
                folder.resolve("copy.git"),
                Clock.systemUTC());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://ops:hunter2@git.example.com/policy.git",
                "https://ops:hun ter2@git.example.com/policy.git",
                "https://hunter2@git.example.com/policy.git",
                "https://ops:x@hunter2@git.example.com/policy.git",
                "ops:hunter2@git.example.com:policy.git",
            })
    void anAddressWithAPasswordIsRefusedAndToldToNobody(String url) {
        assertThatThrownBy(() -> new Upstream(url, "main", "", Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContainingAny("hunter2", "ter2", "hun ");
        assertThat(Upstream.shown(url)).doesNotContain("hun", "ter2", "ops").contains("git.example.com");
    }

    @Test
    void anAddressWithoutOneIsShownAsItIs() {
        assertThat(Upstream.shown("https://git.example.com/policy.git"))
                .isEqualTo("https://git.example.com/policy.git");
        assertThat(Upstream.shown("/srv/ops@home/policy.git")).isEqualTo("/srv/ops@home/policy.git");
    }
}
