package io.countersign.postgres;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Stories told message by message, by a client of their own that is signed in. */
abstract class SignedInTest extends GatewayTest {

    RawClient client;

    @BeforeEach
    void connect() throws IOException {
        client = new RawClient(gateway.number());
        client.signIn();
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
    }
}
