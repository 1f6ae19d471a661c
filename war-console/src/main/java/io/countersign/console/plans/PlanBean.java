package io.countersign.console.plans;

import io.countersign.api.Connection;
import io.countersign.console.Asked;
import io.countersign.console.Messages;
import io.countersign.console.Missing;
import io.countersign.console.sql.Highlighter;
import io.countersign.console.sql.Token;
import io.countersign.plan.PlanState;
import io.countersign.plan.boundary.PlanResult;
import io.countersign.plan.boundary.PlanView;
import io.countersign.plan.boundary.Plans;
import io.countersign.security.Caller;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Behind {@code plan.xhtml}: one plan, what became of each of its commands, and its end before its time. */
@Named("plan")
@ViewScoped
public class PlanBean implements Serializable {

    @Inject
    private Plans plans;

    @Inject
    private Caller caller;

    private long id;
    private transient @Nullable PlanView view;

    /** Before the page is rendered for the first time. */
    public void open() throws IOException {
        id = Asked.number("id", 0);
        Optional<PlanView> found = plans.find(id);
        if (found.isEmpty()) {
            Missing.answer(404);
        } else if (!plans.mayRead(found.get(), caller.chain(), caller.roles())) {
            Missing.answer(403);
        } else {
            view = found.get();
        }
    }

    /** Ends it, and the session that runs it. */
    public void end() throws IOException {
        switch (plans.end(id, caller.chain(), caller.roles())) {
            case PlanResult.Done done -> Messages.info("It is over, and so is the session that ran it.");
            case PlanResult.Refused(List<String> reasons) -> Messages.errors(reasons);
            case PlanResult.Wrong(String wrong) -> Messages.warn(wrong);
            case PlanResult.NotFound() -> Messages.warn("This plan is not there any more.");
        }
        Messages.showOn("/plan?id=" + id);
    }

    public long getId() {
        return id;
    }

    public @Nullable PlanView getView() {
        return view;
    }

    /** What the session that runs it declares, by name. */
    public List<Map.Entry<String, String>> getSettings() {
        PlanView plan = view;
        return plan == null ? List.of() : List.copyOf(plan.settings().entrySet());
    }

    /** What a client says to run it. */
    public String getOption() {
        return "PGOPTIONS='-c " + Connection.PLAN + "=" + id + "'";
    }

    public List<Token> statement(String text) {
        return Highlighter.highlight(text);
    }

    /** Whether it can be ended by somebody; who may is decided where it is ended. */
    public boolean isEndable() {
        PlanView plan = view;
        return plan != null
                && (plan.state() == PlanState.READY || plan.state() == PlanState.RUNNING)
                && (caller.isApprover()
                        || caller.isAdministrator()
                        || plan.planner().stream().anyMatch(caller.identity()::sameAccount));
    }

    /** Whether the viewer may read the session that ran it. */
    public boolean isSessionOpenToMe() {
        PlanView plan = view;
        return plan != null
                && plan.session().isPresent()
                && (caller.isReadingAll()
                        || plan.planner().stream().anyMatch(caller.identity()::sameAccount)
                        || plan.executor().stream().anyMatch(caller.identity()::sameAccount));
    }
}
