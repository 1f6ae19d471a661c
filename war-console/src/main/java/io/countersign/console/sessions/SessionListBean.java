package io.countersign.console.sessions;

import io.countersign.console.Asked;
import io.countersign.security.Caller;
import io.countersign.session.boundary.SessionFilter;
import io.countersign.session.boundary.SessionView;
import io.countersign.session.boundary.Sessions;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Optional;

/** Behind {@code sessions.xhtml}: all sessions for those who audit, one's own for everybody else. */
@Named("sessionList")
@RequestScoped
public class SessionListBean {

    private static final int SHOWN = 50;

    @Inject
    private Sessions sessions;

    @Inject
    private Caller caller;

    private String target = "";
    private String running = "";
    private int offset;
    private List<SessionView> shown = List.of();

    public void open() {
        target = Asked.text("target", "").strip();
        running = Asked.text("running", "");
        offset = (int) Math.min(Asked.number("offset", 0), Integer.MAX_VALUE);
        SessionFilter filter = new SessionFilter(
                caller.isReadingAll() ? Optional.empty() : Optional.of(caller.identity()),
                target.isEmpty() ? Optional.empty() : Optional.of(target),
                wanted());
        shown = sessions.list(filter, offset, SHOWN);
    }

    public List<SessionView> getShown() {
        return shown;
    }

    /** The offset of the next page of older sessions. */
    public int getOlder() {
        return offset + SHOWN;
    }

    public int getNewer() {
        return Math.max(0, offset - SHOWN);
    }

    public boolean isMore() {
        return shown.size() == SHOWN;
    }

    public boolean isFiltered() {
        return !target.isEmpty() || wanted().isPresent();
    }

    private Optional<Boolean> wanted() {
        return switch (running) {
            case "yes" -> Optional.of(true);
            case "no" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    public String getTarget() {
        return target;
    }

    /** {@code yes}, {@code no}, or empty for both. */
    public String getRunning() {
        return running;
    }

    public int getOffset() {
        return offset;
    }
}
