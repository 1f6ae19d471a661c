package io.countersign.console.sessions;

import io.countersign.console.Asked;
import io.countersign.console.Missing;
import io.countersign.recording.boundary.Recordings;
import io.countersign.security.Caller;
import io.countersign.session.boundary.SessionView;
import io.countersign.session.boundary.Sessions;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Behind {@code session.xhtml}: the replay of one session. */
@Named("replay")
@ViewScoped
public class SessionBean implements Serializable {

    private static final int SHOWN = 100;

    @Inject
    private Sessions sessions;

    @Inject
    private Recordings recordings;

    @Inject
    private Caller caller;

    private String id = "";
    private long after;
    private String reason = "";
    private transient @Nullable SessionView view;
    private transient List<Replay.Step> steps = List.of();

    /** Before the page is rendered. */
    public void open() throws IOException {
        id = Asked.text("id", "");
        after = Asked.number("after", 0);
        Optional<SessionView> found = sessions.find(id);
        if (found.isEmpty()) {
            Missing.answer(404);
        } else if (!sessions.mayRead(found.get(), caller.chain(), caller.roles())) {
            Missing.answer(403);
        } else {
            view = found.get();
            steps = Replay.of(sessions.commands(id, after, SHOWN), recordings.replay(id));
        }
    }

    /** Ends the session while it runs; the client reads the reason. */
    public String end() throws IOException {
        if (!caller.isAdministrator()) {
            Missing.answer(403);
            return "";
        }
        sessions.end(id, reason.strip() + " (" + caller.getName() + ")");
        return "session?faces-redirect=true&id=" + id;
    }

    public @Nullable SessionView getView() {
        return view;
    }

    public List<Replay.Step> getSteps() {
        return steps;
    }

    public boolean isRunning() {
        return view != null && view.ended().isEmpty();
    }

    public boolean isMore() {
        return steps.size() == SHOWN;
    }

    /** The number of the last command shown: the next page starts after it. */
    public long getLast() {
        return steps.isEmpty() ? after : steps.getLast().command().number();
    }

    public String getId() {
        return id;
    }

    public long getAfter() {
        return after;
    }

    public String getReason() {
        return reason;
    }

    public void setReason(@Nullable String reason) {
        this.reason = reason == null ? "" : reason;
    }
}
