package io.countersign.console.requests;

import io.countersign.approval.boundary.Approvals;
import io.countersign.approval.boundary.RequestView;
import io.countersign.security.Caller;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** Behind {@code mine.xhtml}: the requests in whose delegation chain the viewer stands. */
@Named("mine")
@ViewScoped
public class MyRequestsBean implements Serializable {

    private static final int SHOWN = 100;

    @Inject
    private Approvals approvals;

    @Inject
    private Caller caller;

    private transient List<RequestView> requests = List.of();

    public void load() {
        requests = approvals.listOf(caller.chain(), Optional.empty(), 0, SHOWN);
    }

    public List<RequestView> getRequests() {
        return requests;
    }
}
