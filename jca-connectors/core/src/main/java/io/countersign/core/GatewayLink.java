package io.countersign.core;

import io.countersign.api.Answer;
import io.countersign.api.Digest;
import io.countersign.api.Frame;
import io.countersign.api.GatewayConnection;
import io.countersign.api.Meaning;
import io.countersign.api.SessionId;
import io.countersign.api.Target;
import io.countersign.api.Verdict;
import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionMetaData;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.security.auth.Subject;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * The container's view of a connection to the adapter in this process (Jakarta Connectors 2.1, chapter 6): there is
 * nothing to connect, pool or enlist, so this only hands out handles.
 */
final class GatewayLink implements ManagedConnection {

    private final Gate gate;
    private final List<ConnectionEventListener> listeners = new CopyOnWriteArrayList<>();
    private @Nullable PrintWriter log;

    GatewayLink(Gate gate) {
        this.gate = gate;
    }

    @Override
    public Object getConnection(@Nullable Subject subject, @Nullable ConnectionRequestInfo info) {
        return new Handle(this);
    }

    @Override
    public void destroy() {
        listeners.clear();
    }

    /** Handles keep no state. */
    @Override
    public void cleanup() {}

    @Override
    public void associateConnection(Object connection) {
        ((Handle) connection).link = this;
    }

    @Override
    public void addConnectionEventListener(ConnectionEventListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeConnectionEventListener(ConnectionEventListener listener) {
        listeners.remove(listener);
    }

    @Override
    public XAResource getXAResource() throws ResourceException {
        throw new NotSupportedException("a gateway takes part in no transaction");
    }

    @Override
    public LocalTransaction getLocalTransaction() throws ResourceException {
        throw new NotSupportedException("a gateway takes part in no transaction");
    }

    @Override
    public ManagedConnectionMetaData getMetaData() {
        return new ManagedConnectionMetaData() {
            @Override
            public String getEISProductName() {
                return "Countersign";
            }

            @Override
            public String getEISProductVersion() {
                return "0.1";
            }

            @Override
            public int getMaxConnections() {
                return 0;
            }

            @Override
            public String getUserName() {
                return "";
            }
        };
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        log = out;
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return log;
    }

    private void closed(Handle handle) {
        ConnectionEvent event = new ConnectionEvent(this, ConnectionEvent.CONNECTION_CLOSED);
        event.setConnectionHandle(handle);
        listeners.forEach(listener -> listener.connectionClosed(event));
    }

    /** What the policy side holds. */
    static final class Handle implements GatewayConnection {

        private GatewayLink link;

        private Handle(GatewayLink link) {
            this.link = link;
        }

        @Override
        public void open() {
            link.gate.open();
        }

        @Override
        public void shut() {
            link.gate.shut();
        }

        @Override
        public boolean listening() {
            return link.gate.listening();
        }

        @Override
        public boolean release(SessionId session, long command, Digest digest, Verdict verdict) {
            return link.gate.release(session, command, digest, verdict);
        }

        @Override
        public void end(SessionId session, String reason) {
            link.gate.end(session, reason);
        }

        @Override
        public List<Answer> transcribe(List<Frame> frames) {
            return link.gate.transcribe(frames);
        }

        @Override
        public Meaning read(String text, List<String> schemas, Target target) {
            return link.gate.read(text, schemas, target);
        }

        @Override
        public Map<String, Long> counters() {
            return link.gate.counters();
        }

        @Override
        public void close() {
            link.closed(this);
        }
    }
}
