package io.countersign.postgres;

import io.countersign.api.Answer;
import io.countersign.api.Content;
import io.countersign.api.Digest;
import io.countersign.api.Frame;
import io.countersign.api.Meaning;
import io.countersign.api.SessionId;
import io.countersign.api.Target;
import io.countersign.api.Verdict;
import io.countersign.core.Counters;
import io.countersign.core.Endpoint;
import io.countersign.core.Gate;
import io.countersign.core.Loops;
import io.countersign.core.Workers;
import io.countersign.postgres.snapshot.Known;
import io.countersign.postgres.sql.StatementReader;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.Connector;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * The connector as the container sees it (Jakarta Connectors 2.1, chapters 5 and 13). An endpoint's activation is only
 * remembered; ports open on {@link io.countersign.api.GatewayConnection#open}, when store and policy are ready.
 */
@Connector(
        displayName = "Countersign for PostgreSQL",
        vendorName = "Countersign",
        eisType = "PostgreSQL",
        version = "0.1",
        transactionSupport = TransactionSupportLevel.NoTransaction)
public final class PostgresAdapter implements ResourceAdapter, Gate {

    private static final System.Logger LOG = System.getLogger(PostgresAdapter.class.getName());

    private record Active(Endpoint endpoint, PostgresPort port) {}

    private final Map<ActivationSpec, Active> active = new ConcurrentHashMap<>();
    private final Counters counters = new Counters();
    private final StatementReader reader = new StatementReader();
    private @Nullable Loops loops;
    private @Nullable Workers workers;
    private volatile boolean opened;

    @Override
    public void start(BootstrapContext context) throws ResourceAdapterInternalException {
        workers = new Workers(context.getWorkManager());
        loops = new Loops(Workers.dedicated(context.getWorkManager()));
    }

    @Override
    public void stop() {
        active.keySet().forEach(this::deactivate);
        if (loops != null) {
            loops.close();
        }
    }

    @Override
    public void endpointActivation(MessageEndpointFactory factory, ActivationSpec spec) throws ResourceException {
        if (!(spec instanceof PostgresActivation activation) || loops == null || workers == null) {
            throw new ResourceException("not an activation of this adapter: " + spec);
        }
        activation.validate();
        Endpoint endpoint = new Endpoint(factory);
        try {
            PostgresPort port = new PostgresPort(
                    activation.address(),
                    activation.serverTls(),
                    activation.clientSignIn(),
                    activation.getConnections(),
                    endpoint,
                    loops,
                    workers,
                    Clock.systemUTC(),
                    text -> Reading.of(reader, text),
                    counters);
            active.put(spec, new Active(endpoint, port));
            if (opened) {
                port.open();
            }
        } catch (GeneralSecurityException | IOException e) {
            throw new ResourceException("PostgreSQL clients cannot be served: " + e.getMessage(), e);
        }
    }

    @Override
    public void endpointDeactivation(MessageEndpointFactory factory, ActivationSpec spec) {
        deactivate(spec);
    }

    /** Nothing here takes part in a transaction that could be in doubt. */
    @Override
    public XAResource[] getXAResources(ActivationSpec[] specs) {
        return new XAResource[0];
    }

    @Override
    public void open() {
        opened = true;
        for (Active one : active.values()) {
            try {
                one.port.open();
            } catch (IOException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        }
        LOG.log(Level.INFO, "PostgreSQL clients are served");
    }

    @Override
    public void shut() {
        opened = false;
        active.values().forEach(one -> one.port.close());
    }

    @Override
    public boolean listening() {
        return !active.isEmpty() && active.values().stream().allMatch(one -> one.port.listening());
    }

    @Override
    public boolean release(SessionId session, long command, Digest digest, Verdict verdict) {
        return active.values().stream().anyMatch(one -> one.port.sessions().release(session, command, digest, verdict));
    }

    @Override
    public void end(SessionId session, String reason) {
        active.values().forEach(one -> one.port.sessions().end(session, reason));
    }

    @Override
    public List<Answer> transcribe(List<Frame> frames) {
        return Transcript.read(frames);
    }

    @Override
    public Meaning read(String text, List<String> schemas, Target target) {
        Known known = active.values().stream()
                .findFirst()
                .map(one -> one.port.known(target))
                .orElse(target.catalogue().isPresent() ? Known.MISSING : Known.UNASKED);
        if (known instanceof Known.Missing) {
            return new Meaning.Unclear("what the target's views read is not known yet. Try again in a moment.");
        }
        Reading reading = Reading.of(reader, text);
        if (reading.error().isPresent()) {
            return new Meaning.Unclear(reading.error().get().message() + ".");
        }
        if (reading.empty()) {
            return new Meaning.Unclear("it says nothing.");
        }
        Content content = PostgresEffects.outside(reading, schemas, known);
        return content.effects().stream().anyMatch(effect -> effect.action().equals("sql:copy-from"))
                ? new Meaning.Unclear("what COPY would write comes after it, and nobody has seen it yet. Write INSERT.")
                : new Meaning.Clear(content);
    }

    @Override
    public Map<String, Long> counters() {
        return counters.byName();
    }

    private void deactivate(ActivationSpec spec) {
        Active one = active.remove(spec);
        if (one != null) {
            one.port.close();
            one.endpoint.close();
        }
    }
}
