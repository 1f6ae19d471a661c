package io.countersign.postgres;

import io.countersign.api.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.EnumSet;

/** A self-signed certificate, for localhost unless said otherwise, made by the JDK's own tool. */
record Certificate(Path keyStore, Secret password) {

    static Certificate make(Path folder, String name) throws IOException {
        return make(folder, name, "localhost");
    }

    /** One of somebody else. */
    static Certificate make(Path folder, String name, String commonName) throws IOException {
        Path file = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + commonName,
                        "-ext",
                        "san=dns:localhost",
                        "-alias",
                        "server",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        try {
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException(said);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new Certificate(file, Secret.of("changeit"));
    }

    /** Writes it in PEM beside the store, and its key, which nobody else may read, as libpq demands. */
    void write() throws IOException {
        String name = keyStore.getFileName().toString().replace(".p12", "");
        Files.writeString(keyStore.resolveSibling(name + ".crt"), certificatePem());
        Path key = keyStore.resolveSibling(name + ".key");
        Files.writeString(key, keyPem());
        Files.setPosixFilePermissions(key, EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    }

    String keyPem() {
        try {
            return pem(
                    "PRIVATE KEY",
                    store().getKey("server", "changeit".toCharArray()).getEncoded());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    String certificatePem() {
        try {
            return pem("CERTIFICATE", store().getCertificate("server").getEncoded());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    KeyStore store() throws GeneralSecurityException, IOException {
        return KeyStore.getInstance(keyStore.toFile(), "changeit".toCharArray());
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }
}
