package io.countersign.console.plans;

import io.countersign.console.Messages;
import io.countersign.plan.Draft;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Behind {@code plans.xhtml}: the viewer's own plans, or all of them where that is the viewer's business; and submitting one.
 * What leaves values open is submitted by REST.
 */
@Named("plans")
@ViewScoped
public class PlanListBean implements Serializable {

    private static final int SHOWN = 100;

    @Inject
    private Plans plans;

    @Inject
    private Caller caller;

    private String target = "";
    private String reason = "";
    private String commands = "";
    private transient @Nullable List<PlanView> shown;

    /** Has every command judged, and asks others to approve them as a whole. */
    public void submit() throws IOException {
        String then = "/plans";
        switch (plans.submit(new Plans.Question(caller.chain(), target, reason, Map.of(), separated(commands)))) {
            case PlanResult.Done(PlanView plan) -> {
                Messages.info("Others have been asked: the plan waits in the queue.");
                then = "/plan?id=" + plan.id();
            }
            case PlanResult.Refused(List<String> reasons) -> {
                Messages.errors(reasons);
                return;
            }
            case PlanResult.Wrong(String wrong) -> {
                Messages.warn(wrong);
                return;
            }
            case PlanResult.NotFound() -> Messages.warn("This plan is not there any more.");
        }
        Messages.showOn(then);
    }

    /** An empty line ends a command. Browsers end lines by CR LF, clients by LF. */
    static List<Plans.Asked> separated(String text) {
        return Stream.of(text.replace("\r\n", "\n").split("\\n[ \\t]*\\n"))
                .map(String::strip)
                .filter(command -> !command.isEmpty())
                .map(command -> new Plans.Asked(command, List.of()))
                .toList();
    }

    public List<PlanView> getShown() {
        List<PlanView> read = shown;
        if (read == null) {
            read = plans.mayReadAll(caller.chain(), caller.roles())
                    ? plans.list(0, SHOWN)
                    : plans.listOf(caller.chain(), 0, SHOWN);
            shown = read;
        }
        return read;
    }

    /** The targets that the viewer may plan for; none where the viewer may not plan. */
    public List<String> getTargets() {
        return plans.targets(caller.chain().origin().groups());
    }

    public int getLongestReason() {
        return Draft.LONGEST_REASON;
    }

    public String getTarget() {
        return target;
    }

    public void setTarget(@Nullable String target) {
        this.target = target == null ? "" : target;
    }

    public String getReason() {
        return reason;
    }

    public void setReason(@Nullable String reason) {
        this.reason = reason == null ? "" : reason;
    }

    public String getCommands() {
        return commands;
    }

    public void setCommands(@Nullable String commands) {
        this.commands = commands == null ? "" : commands;
    }
}
