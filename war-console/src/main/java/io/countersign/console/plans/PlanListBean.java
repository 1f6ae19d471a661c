package io.countersign.console.plans;

import io.countersign.plan.boundary.PlanView;
import io.countersign.plan.boundary.Plans;
import io.countersign.security.Caller;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;

/** Behind {@code plans.xhtml}: the viewer's own plans, or all of them where that is the viewer's business. */
@Named("plans")
@RequestScoped
public class PlanListBean {

    private static final int SHOWN = 100;

    @Inject
    private Plans plans;

    @Inject
    private Caller caller;

    private List<PlanView> shown = List.of();

    @PostConstruct
    void load() {
        shown = plans.mayReadAll(caller.chain(), caller.roles())
                ? plans.list(0, SHOWN)
                : plans.listOf(caller.chain(), 0, SHOWN);
    }

    public List<PlanView> getShown() {
        return shown;
    }
}
