package io.countersign.rest;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;

/** Everything in this package, at {@code /api}. */
@ApplicationPath("api")
public class Api extends Application {

    /** One description, {@code /api/openapi}, and no generated one beside it. */
    @Override
    public Map<String, Object> getProperties() {
        return Map.of("jersey.config.server.wadl.disableWadl", true);
    }
}
