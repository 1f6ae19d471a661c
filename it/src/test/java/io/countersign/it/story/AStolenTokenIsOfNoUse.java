package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.it.world.Debian;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A token that its issuer has bound to a client certificate (RFC 8705 §3) lets in only who holds that certificate's key. */
@ExtendWith(SharedDemo.class)
class AStolenTokenIsOfNoUse {

    @Test
    void withoutTheKeyThatItIsBoundTo(Demo demo) throws Exception {
        Path folder = Demo.freshFolder("certificates");
        String thumbprint = certificate(folder, "alice");
        certificate(folder, "mallory");
        String token = demo.tokenLike("alice", Map.of("cnf", Map.of("x5t#S256", thumbprint)));

        assertThat(psql(demo, token, folder, "alice").out()).contains("in use");
        assertThat(psql(demo, token, folder, "mallory").err()).contains("FATAL", "another client certificate");
        assertThat(psql(demo, token, folder, "nobody").err()).contains("FATAL", "the connection showed none");
        assertThat(demo.apiWithToken(token).get("/requests").status()).isEqualTo(401);
    }

    private static Program.Result psql(Demo demo, String token, Path folder, String whose) {
        return demo.psqlWithToken(
                        token,
                        "-At",
                        "-d",
                        demo.conninfo("alice") + " sslcert=" + folder.resolve(whose + ".crt") + " sslkey="
                                + folder.resolve(whose + ".key"),
                        "-c",
                        "SELECT 'in use'")
                .finish();
    }

    /** @return its SHA-256 as RFC 8705 §3.1 writes it */
    private static String certificate(Path folder, String name) throws Exception {
        Path file = folder.resolve(name + ".crt");
        Program.start(
                        List.of(
                                Debian.program("/usr/bin/openssl", "openssl").toString(),
                                "req",
                                "-x509",
                                "-newkey",
                                "ec",
                                "-pkeyopt",
                                "ec_paramgen_curve:P-256",
                                "-nodes",
                                "-subj",
                                "/CN=" + name,
                                "-days",
                                "2",
                                "-keyout",
                                folder.resolve(name + ".key").toString(),
                                "-out",
                                file.toString()),
                        Map.of())
                .finish()
                .orFail();
        byte[] certificate = CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)))
                .getEncoded();
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(certificate));
    }
}
