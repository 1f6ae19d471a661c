package io.countersign.postgres;

import io.countersign.api.Gateway;
import io.countersign.api.GatewayConnection;
import io.countersign.core.GatewayFactory;
import jakarta.resource.spi.ConnectionDefinition;

/** The outbound connection factory of this adapter. */
@ConnectionDefinition(
        connectionFactory = Gateway.class,
        connectionFactoryImpl = Gateway.class,
        connection = GatewayConnection.class,
        connectionImpl = GatewayConnection.class)
public final class PostgresGateway extends GatewayFactory {

    private static final long serialVersionUID = 1L;
}
