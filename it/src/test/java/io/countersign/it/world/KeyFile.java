package io.countersign.it.world;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** An RSA key with a self-signed certificate in a PKCS #12 file, made by the JDK's own tool. */
public record KeyFile(Path file, String password) {

    private static final String ALIAS = "key";

    static KeyFile make(Path folder, String name) {
        KeyFile made = new KeyFile(folder.resolve(name + ".p12"), "changeit");
        Program.start(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "RSA",
                                "-dname",
                                "CN=" + name,
                                "-alias",
                                ALIAS,
                                "-validity",
                                "2",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                made.file.toString(),
                                "-storepass",
                                made.password),
                        Map.of())
                .finish()
                .orFail();
        return made;
    }

    /** In base64, without lines. */
    String certificate() {
        try {
            return Base64.getEncoder()
                    .encodeToString(KeyStore.getInstance(file.toFile(), password.toCharArray())
                            .getCertificate(ALIAS)
                            .getEncoded());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
