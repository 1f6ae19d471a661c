package io.countersign.api;

/**
 * The way back into a connector: an outbound connection factory of the same resource adapter (Jakarta Connectors 2.1,
 * chapter 6). Looked up by the policy side, called after commit, never inside a transaction.
 */
public interface Gateway {

    /** A handle to the adapter in this process; cheap, to be closed after use. */
    GatewayConnection getConnection();
}
