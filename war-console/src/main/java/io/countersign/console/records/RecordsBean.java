package io.countersign.console.records;

import io.countersign.console.Asked;
import io.countersign.ledger.boundary.CheckpointView;
import io.countersign.ledger.boundary.Ledger;
import io.countersign.ledger.boundary.RecordView;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Behind {@code records.xhtml}: the ledger, entry by entry, and its signed head. */
@Named("records")
@RequestScoped
public class RecordsBean {

    private static final int SHOWN = 100;

    @Inject
    private Ledger ledger;

    private List<RecordView> shown = List.of();
    private @Nullable CheckpointView head;

    /** The newest entries, unless a place to start after is given. */
    public void open() {
        CheckpointView checkpoint = ledger.head();
        head = checkpoint;
        // Sequence numbers start at 0, so an address says where to start from, and the ledger after which.
        long from = Asked.number("from", Math.max(0, checkpoint.size() - SHOWN));
        shown = ledger.after(from - 1, SHOWN).reversed();
    }

    public List<RecordView> getShown() {
        return shown;
    }

    public @Nullable CheckpointView getHead() {
        return head;
    }

    public boolean isNewerThere() {
        return head != null && !shown.isEmpty() && shown.getFirst().seq() < head.size() - 1;
    }

    public boolean isOlderThere() {
        return !shown.isEmpty() && shown.getLast().seq() > 0;
    }

    /** Where the next page of newer entries starts. */
    public long getNewer() {
        return shown.isEmpty() ? 0 : shown.getFirst().seq() + 1;
    }

    public long getOlder() {
        return shown.isEmpty() ? 0 : Math.max(0, shown.getLast().seq() - SHOWN);
    }
}
