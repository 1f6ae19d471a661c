package io.countersign.approval.attack;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOT;
import static io.countersign.approval.Requests.person;
import static io.countersign.approval.Requests.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.approval.Approvers;
import io.countersign.approval.Circumstances;
import io.countersign.approval.Eligibility;
import io.countersign.approval.Requests;
import io.countersign.approval.Voted;
import io.countersign.identity.People;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The attack: whoever may do everything else approves the own request. */
@Timeout(60)
class AnAdministratorIsNobodySpecialTest {

    private Office office;

    @BeforeEach
    void open() throws Exception {
        office = new Office();
    }

    @AfterEach
    void close() throws Exception {
        office.close();
    }

    private static final Identity ROOT =
            person("root", "administrators", "approvers", "auditors", "engineers", "policy-authors");

    @Test
    void forTheOwnRequest() throws Exception {
        long request = office.held(DelegationChain.of(ROOT), List.of(), terms(1, "approvers"));
        assertThat(office.approve(request, ROOT)).isInstanceOf(Voted.NotAllowed.class);
    }

    @Test
    void forWhatTheirAgentAsks() throws Exception {
        long request = office.held(DelegationChain.of(ROOT, BOT), List.of(), terms(1, "approvers"));
        assertThat(office.approve(request, ROOT)).isInstanceOf(Voted.NotAllowed.class);
        assertThat(office.record()).endsWith("vote-refused");
    }

    @Test
    void norWithoutBeingAskedByTheTerms() {
        Identity administrator = person("admin", "administrators");
        Eligibility eligibility = Approvers.mayApprove(
                DelegationChain.of(administrator),
                Requests.pending(DelegationChain.of(ALICE), List.of(), List.of(), terms(1, "approvers")),
                new Circumstances(People.UNKNOWN, Instant.EPOCH, 0));
        assertThat(eligibility)
                .isEqualTo(new Eligibility.Excluded(List.of("Only members of approvers may countersign this.")));
    }
}
