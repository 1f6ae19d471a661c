package io.countersign.it.world;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A client program under way: what it prints is collected as it comes, what it is told is sent at once. */
public final class Program implements AutoCloseable {

    /** What a terminal makes of these keys interrupts whoever is in its foreground. */
    public static final String CTRL_C = "\003";

    private final Process process;
    private final String name;
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder err = new StringBuilder();
    private final List<Thread> readers;

    private Program(String name, Process process) {
        this.name = name;
        this.process = process;
        this.readers = List.of(collect(process.getInputStream(), out), collect(process.getErrorStream(), err));
    }

    public static Program start(List<String> command, Map<String, String> environment) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            return new Program(command.getFirst(), builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a line as typed. */
    public Program type(String line) {
        return send(line + "\n");
    }

    private Program send(String text) {
        try {
            OutputStream stdin = process.getOutputStream();
            stdin.write(text.getBytes(StandardCharsets.UTF_8));
            stdin.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(name + " no longer listens; it said: " + out() + err(), e);
        }
    }

    /** Presses keys that no Enter follows. */
    public Program press(String keys) {
        return send(keys);
    }

    /** Waits until standard output or standard error contains the text. */
    public Program awaitText(String text) {
        Await.until(() -> name + " to print '" + text + "'. stdout: " + out() + " stderr: " + err(), () -> {
            if (out().contains(text) || err().contains(text)) {
                return true;
            }
            if (!process.isAlive() && readers.stream().noneMatch(Thread::isAlive)) {
                throw new AssertionError(name + " ended with " + process.exitValue() + " without printing '" + text
                        + "'. stdout: " + out() + " stderr: " + err());
            }
            return false;
        });
        return this;
    }

    public Program signal(String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return this;
    }

    /** Ends its input and waits for it. */
    public Result finish() {
        return finish(Await.PATIENCE);
    }

    public Result finish(Duration patience) {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It ended first: what it said is in the result.
        }
        return await(patience);
    }

    /** Waits for it without touching its input. */
    public Result await(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(name + " did not end within " + patience.toSeconds() + " s. stdout: " + out()
                        + " stderr: " + err());
            }
            for (Thread reader : readers) {
                reader.join();
            }
            return new Result(process.exitValue(), out(), err());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    public String out() {
        synchronized (out) {
            return out.toString();
        }
    }

    public String err() {
        synchronized (err) {
            return err.toString();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** What a program left behind. */
    public record Result(int status, String out, String err) {
        public Result orFail() {
            if (status != 0) {
                throw new AssertionError("ended with " + status + ". stdout: " + out + " stderr: " + err);
            }
            return this;
        }
    }

    /** A read from a pipe holds its carrier: a few of them at once would leave virtual threads none on a small machine. */
    private static Thread collect(InputStream from, StringBuilder into) {
        return Thread.ofPlatform().daemon().start(() -> {
            byte[] buffer = new byte[8192];
            try (from) {
                int read;
                while ((read = from.read(buffer)) >= 0) {
                    synchronized (into) {
                        into.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
                    }
                }
            } catch (IOException e) {
                synchronized (into) {
                    into.append("[stream broke: ").append(e.getMessage()).append(']');
                }
            }
        });
    }
}
