package io.countersign.rest;

import io.countersign.ledger.boundary.Ledger;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArray;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** The ledger's entries, for auditors. */
@Path("records")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({"auditor", "administrator"})
public class RecordsResource {

    private static final int MOST = 1_000;
    private static final int USUAL = 100;

    @Inject
    private Ledger ledger;

    /** In order, only those after the sequence number given; from the first on where none is. */
    @GET
    public JsonArray list(@QueryParam("after") @Nullable String after, @QueryParam("limit") @Nullable String limit) {
        long from = Page.number("after", after, -1, -1, Long.MAX_VALUE);
        int most = (int) Page.number("limit", limit, USUAL, 1, MOST);
        return Documents.array(ledger.after(from, most), Documents::entry);
    }
}
