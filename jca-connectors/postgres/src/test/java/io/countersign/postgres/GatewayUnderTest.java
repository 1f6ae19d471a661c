package io.countersign.postgres;

import io.countersign.api.Command;
import io.countersign.api.Verdict;
import io.countersign.core.Counters;
import io.countersign.core.Loops;
import io.countersign.core.ServerTls;
import io.countersign.postgres.sql.StatementReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A gateway on a free port, in front of the test server, without a container. */
final class GatewayUnderTest implements AutoCloseable {

    static final String[] PSQL = {"psql", "-X", "-w", "-v", "VERBOSITY=verbose", "-v", "ON_ERROR_STOP=0"};

    private static final StatementReader READER = new StatementReader();

    final Policy policy;
    final PostgresPort port;
    final Counters counters = new Counters();

    /** Sees each text before it is read. */
    volatile Consumer<String> onRead = text -> {};

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Loops loops = new Loops(threads);

    GatewayUnderTest() {
        this(ServerTls.off(), 100);
    }

    GatewayUnderTest(ServerTls tls, int connections) {
        this(tls, ClientSignIn.BY_PASSWORD, connections);
    }

    GatewayUnderTest(ServerTls tls, ClientSignIn signIn, int connections) {
        this.policy = new Policy(TargetServer.running().target("shop"));
        this.port = new PostgresPort(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                tls,
                signIn,
                connections,
                policy,
                loops,
                threads,
                Clock.systemUTC(),
                text -> {
                    onRead.accept(text);
                    return Reading.of(READER, text);
                },
                counters);
        try {
            port.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int number() {
        return port.address().getPort();
    }

    Connection connect(String... properties) throws SQLException {
        return connectTo("127.0.0.1", properties);
    }

    Connection connectTo(String host, String... properties) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("user", "alice");
        settings.setProperty("password", Policy.TOKEN);
        for (String property : properties) {
            int equals = property.indexOf('=');
            settings.setProperty(property.substring(0, equals), property.substring(equals + 1));
        }
        return DriverManager.getConnection("jdbc:postgresql://" + host + ":" + number() + "/shop", settings);
    }

    /** Runs psql and gives what it printed, errors and notices included. */
    String psql(String... arguments) {
        Process process = startPsql(arguments);
        try {
            process.getOutputStream().close();
            String printed =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            process.waitFor(10, TimeUnit.SECONDS);
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    Process startPsql(String... arguments) {
        return startPsql(Map.of(), "dbname=shop", arguments);
    }

    /** The machine's psql with PostgreSQL 18's libpq, which speaks newer protocols than the one that it came with. */
    Process startPsqlOf18(String conninfo, String... arguments) {
        return startPsql(
                Map.of("LD_LIBRARY_PATH", TargetServer.running().libraries().toString()), conninfo, arguments);
    }

    Process startPsql(Map<String, String> environment, String conninfo, String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of(PSQL));
        command.addAll(List.of("-h", "127.0.0.1", "-p", String.valueOf(number()), "-U", "alice", "-d", conninfo));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PGPASSWORD", Policy.TOKEN);
        builder.environment().remove("PGHOST");
        builder.environment().put("LC_ALL", "C");
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Decides a held command as an approver would. */
    boolean release(Command command, Verdict verdict) {
        return port.sessions().release(command.session().id(), command.number(), command.digest(), verdict);
    }

    /** Waits until a command is held, and gives it. */
    Command awaitHeld(String text) {
        Command held = policy.awaitCommand(command -> command.content().text().contains(text));
        Policy.await(() -> counters.value(Counters.Counter.HELD_NOW) > 0 ? true : null, "the hold");
        return held;
    }

    @Override
    public void close() {
        port.close();
        loops.close();
        threads.shutdownNow();
    }
}
