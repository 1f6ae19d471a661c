package io.countersign.console.grants;

import io.countersign.grant.boundary.GrantView;
import io.countersign.grant.boundary.GrantsInUse;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;

/** What every page shows to whoever has signed in: broken glass, until it is over and others have reviewed it. */
@Named("alarms")
@RequestScoped
public class AlarmsBean {

    @Inject
    private GrantsInUse grants;

    public List<GrantView> getBrokenGlass() {
        return grants.alarms();
    }
}
