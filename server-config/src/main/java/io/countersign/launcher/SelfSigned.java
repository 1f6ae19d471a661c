package io.countersign.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * A key with a certificate for this machine that it signed itself, in a PKCS #12 file: enough for a demo on loopback.
 *
 * @param file     the key store
 * @param password of the store and of the key in it
 */
record SelfSigned(Path file, String password) {

    private static final String ALIAS = "countersign";

    @Override
    public String toString() {
        return "SelfSigned[file=" + file + "]";
    }

    /** Makes it where it is missing, with the running JDK's keytool. */
    static SelfSigned in(Path file, String password) {
        SelfSigned made = new SelfSigned(file, password);
        if (!Files.exists(file)) {
            made.generate();
        }
        return made;
    }

    private void generate() {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost, O=Countersign demo",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-ext",
                "BasicConstraints=ca:true",
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-keystore",
                draft.toString(),
                "-storepass:env",
                "COUNTERSIGN_STOREPASS");
        try {
            Files.deleteIfExists(draft);
            ProcessBuilder keytool = new ProcessBuilder(command).redirectErrorStream(true);
            keytool.environment().put("COUNTERSIGN_STOREPASS", password);
            Process running = keytool.start();
            String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (running.waitFor() != 0) {
                throw new Failure("keytool could not make a key store: " + said.strip());
            }
            Files.setPosixFilePermissions(draft, Secrets.OWNER_ONLY.value());
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make the key store " + file, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted while keytool made " + file, e);
        }
    }

    /** The certificate as PEM (RFC 7468 §5). */
    String certificate() {
        try {
            return pem("CERTIFICATE", open().getCertificate(ALIAS).getEncoded());
        } catch (GeneralSecurityException e) {
            throw unreadable(e);
        }
    }

    /** The private key as PEM (RFC 7468 §10): to be written only where its owner alone reads. */
    String privateKey() {
        try {
            return pem(
                    "PRIVATE KEY", open().getKey(ALIAS, password.toCharArray()).getEncoded());
        } catch (GeneralSecurityException e) {
            throw unreadable(e);
        }
    }

    private KeyStore open() throws GeneralSecurityException {
        try (InputStream stored = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(stored, password.toCharArray());
            return store;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private Failure unreadable(Exception e) {
        return new Failure(
                "The key store " + file + " cannot be read. Delete it, and the next start makes a new one.", e);
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), label);
    }
}
