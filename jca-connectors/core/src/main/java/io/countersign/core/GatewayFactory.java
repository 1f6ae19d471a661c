package io.countersign.core;

import io.countersign.api.Gateway;
import io.countersign.api.GatewayConnection;
import jakarta.resource.Referenceable;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterAssociation;
import java.io.PrintWriter;
import java.io.Serializable;
import java.util.Set;
import javax.naming.NamingException;
import javax.naming.Reference;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * The outbound half of an adapter (Jakarta Connectors 2.1, chapter 6), by which a decision finds its way back. Each
 * connector extends it only to carry the annotation that names it.
 */
public abstract class GatewayFactory implements ManagedConnectionFactory, ResourceAdapterAssociation {

    private static final long serialVersionUID = 1L;

    private transient @Nullable ResourceAdapter adapter;
    private transient @Nullable PrintWriter log;

    protected GatewayFactory() {}

    @Override
    public @Nullable ResourceAdapter getResourceAdapter() {
        return adapter;
    }

    @Override
    public void setResourceAdapter(ResourceAdapter owner) {
        adapter = owner;
    }

    @Override
    public Object createConnectionFactory(ConnectionManager manager) {
        return new Handles(this, manager);
    }

    @Override
    public Object createConnectionFactory() throws ResourceException {
        throw new ResourceException("a gateway is reached inside a container only");
    }

    @Override
    public ManagedConnection createManagedConnection(@Nullable Subject subject, @Nullable ConnectionRequestInfo info)
            throws ResourceException {
        if (adapter instanceof Gate gate) {
            return new GatewayLink(gate);
        }
        throw new ResourceException("this connection factory belongs to no gateway");
    }

    @Override
    @SuppressWarnings("rawtypes") // as the specification has it
    public @Nullable ManagedConnection matchManagedConnections(
            Set connections, @Nullable Subject subject, @Nullable ConnectionRequestInfo info) {
        for (Object connection : connections) {
            if (connection instanceof GatewayLink link) {
                return link;
            }
        }
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        log = out;
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return log;
    }

    /** All factories of one connector are alike. */
    @Override
    @SuppressWarnings("EqualsGetClass") // Those of another connector are subclasses of this one, too.
    public boolean equals(@Nullable Object other) {
        return other != null && other.getClass() == getClass();
    }

    @Override
    public int hashCode() {
        return getClass().hashCode();
    }

    /** What the policy side looks up. */
    static final class Handles implements Gateway, Serializable, Referenceable {

        private static final long serialVersionUID = 1L;

        private final GatewayFactory factory;
        private final transient ConnectionManager manager;
        private @Nullable Reference reference;

        private Handles(GatewayFactory factory, ConnectionManager manager) {
            this.factory = factory;
            this.manager = manager;
        }

        @Override
        public GatewayConnection getConnection() {
            try {
                return (GatewayConnection) manager.allocateConnection(factory, null);
            } catch (ResourceException e) {
                throw new IllegalStateException("the gateway cannot be reached: " + e.getMessage(), e);
            }
        }

        @Override
        public void setReference(Reference to) {
            reference = to;
        }

        @Override
        public Reference getReference() throws NamingException {
            Reference to = reference;
            if (to == null) {
                throw new NamingException("no reference was set");
            }
            return to;
        }
    }
}
