package io.countersign.adapter.boundary;

import io.countersign.api.Digest;
import io.countersign.api.Gateway;
import io.countersign.api.GatewayConnection;
import io.countersign.api.SessionId;
import io.countersign.api.Verdict;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.resource.ConnectionFactoryDefinition;
import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The connectors of this gateway, by the protocol that each speaks (Jakarta Connectors 2.1, chapter 6). Never called inside
 * a transaction: what is told to a connector cannot be taken back.
 */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@ConnectionFactoryDefinition(
        name = "java:app/gateway/postgres",
        interfaceName = "io.countersign.api.Gateway",
        resourceAdapter = "#postgres",
        transactionSupport = TransactionSupportLevel.NoTransaction)
public class Adapters {

    private static final String POSTGRES = "postgres";

    @Resource(lookup = "java:app/gateway/postgres")
    private Gateway postgres;

    /** Opens every listener: the store is ready and the policy loaded. */
    public void open() {
        gateways().keySet().forEach(protocol -> tell(protocol, GatewayConnection::open));
    }

    /** @see GatewayConnection#shut */
    public void shut() {
        gateways().keySet().forEach(protocol -> tell(protocol, GatewayConnection::shut));
    }

    /** By protocol, whether all its listeners accept connections. */
    public SortedMap<String, Boolean> listening() {
        SortedMap<String, Boolean> listening = new TreeMap<>();
        gateways().keySet().forEach(protocol -> listening.put(protocol, ask(protocol, GatewayConnection::listening)));
        return listening;
    }

    /** By protocol, its counters and gauges. */
    public SortedMap<String, Map<String, Long>> counters() {
        SortedMap<String, Map<String, Long>> counters = new TreeMap<>();
        gateways().keySet().forEach(protocol -> counters.put(protocol, ask(protocol, GatewayConnection::counters)));
        return counters;
    }

    /** @see GatewayConnection#release */
    public boolean release(String protocol, SessionId session, long command, Digest digest, Verdict verdict) {
        return ask(protocol, connection -> connection.release(session, command, digest, verdict));
    }

    /** @see GatewayConnection#end */
    public void end(String protocol, SessionId session, String reason) {
        tell(protocol, connection -> connection.end(session, reason));
    }

    private void tell(String protocol, Consumer<GatewayConnection> message) {
        this.<Boolean>ask(protocol, connection -> {
            message.accept(connection);
            return true;
        });
    }

    /** One question to a protocol's adapter. */
    public <T> T ask(String protocol, Function<GatewayConnection, T> question) {
        Gateway gateway = gateways().get(protocol);
        if (gateway == null) {
            throw new IllegalArgumentException("no adapter speaks " + protocol);
        }
        try (GatewayConnection connection = gateway.getConnection()) {
            return question.apply(connection);
        }
    }

    private Map<String, Gateway> gateways() {
        return Map.of(POSTGRES, postgres);
    }
}
