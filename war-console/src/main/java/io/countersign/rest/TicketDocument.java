package io.countersign.rest;

import io.countersign.ticket.boundary.TicketResult;
import io.countersign.ticket.boundary.TicketView;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;

/** A ticket as REST callers read it; see {@link Documents} for how values are written. */
final class TicketDocument {

    private TicketDocument() {}

    static JsonObject of(TicketView view) {
        return members(view).build();
    }

    /** With its secret, for whoever made it, this once. */
    static JsonObject issued(TicketResult.Issued issued) {
        return members(issued.ticket())
                .add("secret", issued.secret().reveal())
                .add(
                        "connect",
                        Json.createObjectBuilder()
                                .add("host", issued.connect().host())
                                .add("port", issued.connect().port())
                                .add("database", issued.connect().database())
                                .add("user", issued.connect().user())
                                .add("tls", issued.connect().tls())
                                .add("psql", issued.connect().psql(issued.secret())))
                .build();
    }

    private static JsonObjectBuilder members(TicketView view) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("id", view.id())
                .add("holder", Documents.array(view.holder(), Documents::identity))
                .add("target", view.target())
                .add("reason", view.reason())
                .add("made", view.made().toString())
                .add("until", view.until().toString());
        view.lastUsed().ifPresent(used -> json.add("lastUsed", used.toString()));
        view.revoked().ifPresent(revoked -> json.add("revoked", revoked.toString()));
        view.why().ifPresent(why -> json.add("why", why));
        return json.add("active", view.active());
    }
}
