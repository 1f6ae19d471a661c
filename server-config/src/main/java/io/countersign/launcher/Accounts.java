package io.countersign.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * The demo's file accounts for the console's form sign-in, as YAML; passwords in the form that Jakarta Security's
 * {@code Pbkdf2PasswordHash} reads ({@code algorithm:iterations:salt:hash}, its Javadoc's "encoded form").
 */
final class Accounts {

    private static final String ALGORITHM = "PBKDF2WithHmacSHA512";

    /** The fewest that the gateway accepts: these passwords are random, so many would only make the first start longer. */
    private static final int ITERATIONS = 10_000;

    private static final int SALT_BYTES = 32;
    private static final int HASH_BYTES = 32;

    private Accounts() {}

    /**
     * Writes the file of these logins. Their hashes are made once a data directory; the issuer whose subjects they are may
     * have another address at each start.
     */
    static void writeTo(Path file, Secrets secrets, String issuer) {
        byte[] accounts = Secrets.kept(
                file.resolveSibling("account-list.yaml"),
                () -> DemoLogin.ALL.parallelStream()
                        .map(login -> entry(login, login.password(secrets)))
                        .collect(Collectors.joining())
                        .getBytes(StandardCharsets.UTF_8));
        String head = "issuer: " + issuer + "\naccounts:\n";
        try {
            Secrets.write(file, (head + new String(accounts, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the accounts to " + file, e);
        }
    }

    private static String entry(DemoLogin login, String password) {
        return """
                - name: %s
                  fullName: %s
                  email: %s
                  groups: [%s]
                  password: "%s"
                """.formatted(
                login.name(), login.fullName(), login.email(), String.join(", ", login.groups()), hash(password));
    }

    static String hash(String password) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        try {
            byte[] hash = SecretKeyFactory.getInstance(ALGORITHM)
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, HASH_BYTES * 8))
                    .getEncoded();
            Base64.Encoder base64 = Base64.getEncoder();
            return String.join(
                    ":",
                    List.of(
                            ALGORITHM,
                            Integer.toString(ITERATIONS),
                            base64.encodeToString(salt),
                            base64.encodeToString(hash)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK lacks " + ALGORITHM, e);
        }
    }
}
