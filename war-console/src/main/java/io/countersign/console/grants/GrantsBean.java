package io.countersign.console.grants;

import io.countersign.console.Messages;
import io.countersign.grant.GrantStanding.Kind;
import io.countersign.grant.boundary.GrantResult;
import io.countersign.grant.boundary.GrantView;
import io.countersign.grant.boundary.Grants;
import io.countersign.security.Caller;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Behind {@code grants.xhtml}: what there is, asking for a duty, and breaking the glass. */
@Named("grants")
@ViewScoped
public class GrantsBean implements Serializable {

    private static final int SHOWN = 100;

    @Inject
    private Grants grants;

    @Inject
    private Caller caller;

    private String target = "";
    private String duty = "";
    private String reason = "";
    private @Nullable Integer minutes;
    private transient @Nullable List<GrantView> shown;

    /** Asks others to grant it. */
    public void ask() throws IOException {
        say(grants.ask(question()), "Others have been asked: the request waits in the queue.");
    }

    /** Takes it at once. */
    public void breakGlass() throws IOException {
        say(
                grants.breakGlass(question(), caller.signedIn()),
                "The glass is broken. Everybody is told, and others will review what you do.");
    }

    /** Ends one before its time. */
    public void end(long id) throws IOException {
        say(grants.end(id, caller.chain(), caller.roles()), "It is over, and so are the sessions that have used it.");
    }

    private Grants.Question question() {
        return new Grants.Question(
                caller.chain(),
                target,
                duty,
                reason,
                Optional.ofNullable(minutes).map(Duration::ofMinutes),
                Optional.empty());
    }

    private void say(GrantResult result, String done) throws IOException {
        switch (result) {
            case GrantResult.Done(GrantView grant) -> Messages.info(done);
            case GrantResult.Refused(List<String> reasons) -> Messages.errors(reasons);
            case GrantResult.Wrong(String wrong) -> Messages.warn(wrong);
            case GrantResult.NotFound() -> Messages.warn("There is no such grant.");
        }
        Messages.showOn("/grants");
    }

    public List<GrantView> getShown() {
        List<GrantView> read = shown;
        if (read == null) {
            read = caller.isReadingRequests() ? grants.list(0, SHOWN) : grants.listOf(caller.chain(), 0, SHOWN);
            shown = read;
        }
        return read;
    }

    /** Whether the viewer holds it, or may otherwise end it; who may in the end is decided where it is ended. */
    public boolean mayEnd(GrantView grant) {
        return grant.active()
                && (caller.isReadingRequests() || grant.holder().stream().anyMatch(caller.identity()::sameAccount));
    }

    public List<String> getTargets() {
        return grants.targets();
    }

    /** What the viewer may ask for. */
    public List<String> getGrantable() {
        return grants.duties(Kind.GRANT, caller.chain().origin().groups());
    }

    /** What the viewer may take at once. */
    public List<String> getBreakable() {
        return grants.duties(Kind.BREAK_GLASS, caller.chain().origin().groups());
    }

    public int getLongestReason() {
        return Grants.LONGEST_REASON;
    }

    public String getTarget() {
        return target;
    }

    public void setTarget(@Nullable String target) {
        this.target = target == null ? "" : target;
    }

    public String getDuty() {
        return duty;
    }

    public void setDuty(@Nullable String duty) {
        this.duty = duty == null ? "" : duty;
    }

    public String getReason() {
        return reason;
    }

    public void setReason(@Nullable String reason) {
        this.reason = reason == null ? "" : reason;
    }

    public @Nullable Integer getMinutes() {
        return minutes;
    }

    public void setMinutes(@Nullable Integer minutes) {
        this.minutes = minutes;
    }
}
