package io.countersign.launcher;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The unpacked distribution that this program was started from.
 *
 * @param root holds {@code countersign.ear}, {@code payara/}, {@code demo/} and {@code lib/} with this program's own jar
 */
record Distribution(Path root) {

    static Distribution here() {
        try {
            Path jar = Path.of(Distribution.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path lib = jar.getParent();
            Path root = lib == null ? null : lib.getParent();
            if (root == null || !Files.exists(root.resolve("countersign.ear"))) {
                throw new Failure(
                        "There is no countersign.ear beside " + lib
                                + ". Start Countersign by its script: ./countersign in a checkout or in an unpacked distribution.");
            }
            return new Distribution(root);
        } catch (URISyntaxException e) {
            throw new Failure("Countersign's own jar has an address that is no path: " + e.getInput(), e);
        }
    }

    Path ear() {
        return root.resolve("countersign.ear");
    }

    /** Payara Micro's root directory, never written to: each demo runs in an instance directory of its own. */
    Path payara() {
        return root.resolve("payara");
    }

    /** What asadmin tells a Payara Server. */
    Path payaraServer() {
        return root.resolve("payara-server");
    }

    Path demoPolicy() {
        return root.resolve("demo/policy");
    }

    Path demoDatabase() {
        return root.resolve("demo/shop.sql");
    }

    /** The Maven artifact that carries PostgreSQL's programs. */
    Path postgresArchive() {
        return root.resolve("demo/postgres-linux-amd64.jar");
    }
}
