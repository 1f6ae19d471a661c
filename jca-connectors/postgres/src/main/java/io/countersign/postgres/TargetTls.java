package io.countersign.postgres;

import io.countersign.api.Digest;
import io.countersign.api.Target;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What TLS towards each target needs (libpq's {@code verify-full}), made once for what the policy and its files say: making it
 * takes longer than the rest of a dial. The files are read for each, so that one that was replaced counts at once.
 */
final class TargetTls {

    private static final Path JDKS_OWN = Path.of(System.getProperty(
            "javax.net.ssl.trustStore",
            Path.of(System.getProperty("java.home"), "lib", "security", "cacerts")
                    .toString()));

    /**
     * A session that is taken up again (RFC 8446, section 2.2) shows no certificate, which may have ended since: so it is not,
     * but for what lies between two connections that begin together.
     */
    private static final int RESUMED_SECONDS = 1;

    /** @param files what they said when it was made */
    private record Made(Target.Tls.VerifyFull of, List<Digest> files, SslContext context) {}

    /** By the target's name. */
    private final Map<String, Made> made = new ConcurrentHashMap<>();

    /**
     * Reads files, so not for an event loop.
     *
     * @throws IOException              where one cannot be read
     * @throws IllegalArgumentException where one is not what it should be
     */
    SslContext context(Target target, Target.Tls.VerifyFull tls) throws IOException {
        // What is compared is what it is made of, even where files change just now.
        List<byte[]> contents = new ArrayList<>();
        contents.add(tls.trust().isPresent() ? Files.readAllBytes(tls.trust().get()) : jdksOwn());
        if (tls.certificate().isPresent()) {
            contents.add(Files.readAllBytes(tls.certificate().get().chain()));
            contents.add(Files.readAllBytes(tls.certificate().get().key()));
        }
        List<Digest> files = contents.stream().map(Digest::of).toList();
        Made before = made.get(target.name());
        if (before != null && before.of.equals(tls) && before.files.equals(files)) {
            return before.context;
        }
        SslContext context = make(tls, contents);
        made.put(target.name(), new Made(tls, files, context));
        return context;
    }

    private static SslContext make(Target.Tls.VerifyFull tls, List<byte[]> contents) throws IOException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .protocols("TLSv1.3", "TLSv1.2")
                .endpointIdentificationAlgorithm("HTTPS")
                .sessionTimeout(RESUMED_SECONDS);
        if (tls.trust().isPresent()) {
            builder.trustManager(stream(contents.get(0)));
        }
        if (tls.certificate().isPresent()) {
            builder.keyManager(stream(contents.get(1)), stream(contents.get(2)));
        }
        return builder.build();
    }

    private static byte[] jdksOwn() throws IOException {
        return Files.isRegularFile(JDKS_OWN) ? Files.readAllBytes(JDKS_OWN) : new byte[0];
    }

    private static InputStream stream(byte[] content) {
        return new ByteArrayInputStream(content);
    }
}
