package io.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnAccountNeedsItsPasswordTest {

    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("accounts.yaml"), text);
    }

    @Test
    void andIsThenTheSamePersonAsByToken() throws IOException {
        FileAccounts accounts = FileAccounts.load(
                file("""
                issuer: https://id.example
                accounts:
                  - {name: bob, password: "%s", groups: [approvers]}
                """.formatted(PasswordHash.of(Secret.of("correct horse")).written())));

        assertThat(accounts.signIn("bob", Secret.of("correct horse"))).hasValueSatisfying(bob -> {
            assertThat(bob.issuer()).isEqualTo("https://id.example");
            assertThat(bob.subject()).isEqualTo("bob");
            assertThat(bob.groups()).containsExactly("approvers");
        });
        assertThat(accounts.signIn("bob", Secret.of("wrong horse"))).isEmpty();
        assertThat(accounts.signIn("bob", Secret.of(""))).isEmpty();
        assertThat(accounts.signIn("Bob", Secret.of("correct horse"))).isEmpty();
        assertThat(accounts.signIn("nobody", Secret.of("nobody has this password")))
                .isEmpty();
    }

    @Test
    void aWeakOrBrokenHashDoesNotLoad() throws IOException {
        for (String hash :
                new String[] {"plain", "PBKDF2WithHmacSHA256:1:AAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAA==", "MD5:1:2:3"}) {
            Path file = file("issuer: i\naccounts: [{name: bob, password: \"" + hash + "\", groups: []}]\n");
            assertThatThrownBy(() -> FileAccounts.load(file)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatIsNotEvenYamlDoesNotLoad() throws IOException {
        Path file = file("issuer: i\naccounts: [\n");
        assertThatThrownBy(() -> FileAccounts.load(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not YAML");
    }

    @Test
    void twoOfOneNameDoNotLoad() throws IOException {
        String account =
                "{name: bob, password: \"" + PasswordHash.of(Secret.of("x")).written() + "\", groups: []}";
        Path file = file("issuer: i\naccounts: [" + account + ", " + account + "]\n");
        assertThatThrownBy(() -> FileAccounts.load(file)).hasMessageContaining("two accounts named bob");
    }
}
