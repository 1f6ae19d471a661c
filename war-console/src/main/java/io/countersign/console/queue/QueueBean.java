package io.countersign.console.queue;

import io.countersign.approval.State;
import io.countersign.approval.boundary.Approvals;
import io.countersign.approval.boundary.RequestView;
import io.countersign.console.Asked;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Behind {@code queue.xhtml}: everybody's requests, those that wait first of all. */
@Named("queue")
@ViewScoped
public class QueueBean implements Serializable {

    private static final String ALL = "all";
    private static final List<String> FILTERS =
            List.of("pending", "ready", "approved", "rejected", "expired", "withdrawn", "abandoned", ALL);
    private static final int SHOWN = 200;

    @Inject
    private Approvals approvals;

    private String filter = "pending";
    private transient List<RequestView> requests = List.of();

    /** Before the page is rendered for the first time. */
    public void open() {
        String asked = Asked.text("state", filter);
        filter = FILTERS.contains(asked) ? asked : filter;
        load();
    }

    /** Again whenever the browser is told that something changed. */
    public void load() {
        requests = approvals.list(wanted(filter), 0, SHOWN);
    }

    public List<RequestView> getRequests() {
        return requests;
    }

    public List<String> getFilters() {
        return FILTERS;
    }

    public boolean isFull() {
        return requests.size() == SHOWN;
    }

    public String getFilter() {
        return filter;
    }

    static Optional<State> wanted(String filter) {
        return ALL.equals(filter) ? Optional.empty() : Optional.of(State.valueOf(filter.toUpperCase(Locale.ROOT)));
    }
}
