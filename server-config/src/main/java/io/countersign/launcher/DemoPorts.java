package io.countersign.launcher;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of a demo listen, all on loopback.
 *
 * @param http     console and REST
 * @param postgres the gateway's PostgreSQL listener
 * @param issuer   the development issuer
 * @param target   the demo's own PostgreSQL, which clients never need to know
 */
record DemoPorts(int http, int postgres, int issuer, int target) {

    /** Those asked for, else those of last time where still free, else any. */
    static DemoPorts chosen(Path lastTime, @Nullable Integer http, @Nullable Integer postgres) {
        Properties last = read(lastTime);
        return new DemoPorts(
                http == null ? Ports.preferred(port(last, "http")) : Ports.required(http, "--http-port"),
                postgres == null
                        ? Ports.preferred(port(last, "postgres"))
                        : Ports.required(postgres, "--postgres-port"),
                Ports.preferred(port(last, "issuer")),
                Ports.preferred(port(last, "target")));
    }

    /** Of the demo that was started last on that data directory. */
    static DemoPorts lastOf(Path file) {
        Properties last = read(file);
        return new DemoPorts(port(last, "http"), port(last, "postgres"), port(last, "issuer"), port(last, "target"));
    }

    void writeTo(Path file) {
        Properties ports = new Properties();
        ports.setProperty("http", Integer.toString(http));
        ports.setProperty("postgres", Integer.toString(postgres));
        ports.setProperty("issuer", Integer.toString(issuer));
        ports.setProperty("target", Integer.toString(target));
        try (Writer writer = Files.newBufferedWriter(file)) {
            ports.store(writer, "Ports of the demo, used again at the next start where still free");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }

    private static Properties read(Path file) {
        Properties ports = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                ports.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read " + file, e);
            }
        }
        return ports;
    }

    private static int port(Properties ports, String name) {
        String text = ports.getProperty(name, "0");
        return text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    }
}
