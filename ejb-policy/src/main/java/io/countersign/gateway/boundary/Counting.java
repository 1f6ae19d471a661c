package io.countersign.gateway.boundary;

import io.countersign.gateway.Meters;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The one set of counters of this process, for whoever counts and whoever reads them. */
@ApplicationScoped
public class Counting {

    /** Its counters are fields, which a client proxy (CDI 4.0 §5.4) would not have: hence no normal scope. */
    @Produces
    @Singleton
    Meters meters() {
        return new Meters();
    }
}
