package io.countersign.rest;

import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The description of this interface (OpenAPI 3.1), written by hand in {@code openapi.yaml} and held to it by a test. */
@Path("openapi")
@ApplicationScoped
@PermitAll
public class OpenApiResource {

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public JsonObject json() {
        Object document = new Load(LoadSettings.builder().build()).loadFromString(yaml());
        if (document instanceof Map<?, ?> map) {
            return Json.createObjectBuilder(named(map)).build();
        }
        throw new IllegalStateException("openapi.yaml is not a mapping");
    }

    @GET
    @Produces("application/yaml")
    public String yaml() {
        try (InputStream file = OpenApiResource.class.getResourceAsStream("openapi.yaml")) {
            if (file == null) {
                throw new IllegalStateException("openapi.yaml is not in the archive");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked") // every key of the document is a text: the test reads it
    private static Map<String, Object> named(Map<?, ?> map) {
        return (Map<String, Object>) map;
    }
}
