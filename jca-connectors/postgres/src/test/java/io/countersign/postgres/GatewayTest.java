package io.countersign.postgres;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A gateway for each test, and a table to try things on. */
abstract class GatewayTest {

    static final TargetServer TARGET = TargetServer.running();

    GatewayUnderTest gateway;

    @BeforeEach
    void openTheGateway() {
        TARGET.run(
                "DROP TABLE IF EXISTS orders",
                "CREATE TABLE orders (id int PRIMARY KEY, item text)",
                "INSERT INTO orders VALUES (7, 'lamp'), (8, 'desk')");
        gateway = new GatewayUnderTest();
    }

    @AfterEach
    void closeTheGateway() {
        gateway.close();
    }

    static String orders() {
        return TARGET.ask("SELECT count(*) FROM orders");
    }
}
