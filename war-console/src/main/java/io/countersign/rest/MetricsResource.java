package io.countersign.rest;

import io.countersign.gateway.boundary.Status;
import io.countersign.security.Caller;
import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.util.SortedMap;

/** The gateway's numbers in Prometheus' text format, version 0.0.4. */
@Path("metrics")
@RequestScoped
@PermitAll
public class MetricsResource {

    private static final String PREFIX = "countersign_";

    @Inject
    private Status status;

    @Inject
    private Caller caller;

    /** For auditors, administrators, and the collector on this machine, which comes without a token. */
    @GET
    @Produces("text/plain; version=0.0.4; charset=utf-8")
    public String read() {
        if (caller.isKnown() && !caller.isReadingAll()) {
            throw Problem.of(Response.Status.FORBIDDEN, "Metrics are for auditors and administrators.")
                    .exception();
        }
        return text(status.numbers());
    }

    /**
     * One line a sample, with its type before the first of a family: names in {@code _total} only ever grow. A name may
     * carry labels: {@code commands_total{verdict="permit"}}.
     */
    static String text(SortedMap<String, Double> numbers) {
        StringBuilder text = new StringBuilder();
        String before = "";
        for (var number : numbers.entrySet()) {
            String family = number.getKey().replaceFirst("\\{.*", "");
            if (!family.equals(before)) {
                text.append("# TYPE ")
                        .append(PREFIX)
                        .append(family)
                        .append(family.endsWith("_total") ? " counter\n" : " gauge\n");
                before = family;
            }
            text.append(PREFIX)
                    .append(number.getKey())
                    .append(' ')
                    .append(sample(number.getValue()))
                    .append('\n');
        }
        return text.toString();
    }

    private static String sample(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
