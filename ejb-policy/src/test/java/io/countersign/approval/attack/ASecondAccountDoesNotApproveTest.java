package io.countersign.approval.attack;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.BOT;
import static io.countersign.approval.Requests.ISSUER;
import static io.countersign.approval.Requests.group;
import static io.countersign.approval.Requests.person;
import static io.countersign.approval.Requests.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Claims;
import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.approval.Voted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The attack: ask as one account, approve as another of one's own. */
@Timeout(60)
class ASecondAccountDoesNotApproveTest {

    private Office office;

    @BeforeEach
    void open() throws Exception {
        office = new Office();
    }

    @AfterEach
    void close() throws Exception {
        office.close();
    }

    private static final Identity ALICE_WITH_MAIL = withMail(ISSUER, "alice", "engineers");
    private static final Identity ELSEWHERE = withMail("https://other.example", "a-adams", "approvers");

    private static Identity withMail(String issuer, String subject, String group) {
        return new Identity(
                issuer,
                subject,
                subject,
                Set.of(group),
                Identity.Kind.PERSON,
                new Claims(Optional.of("alice@example.com"), Optional.empty(), Map.of()));
    }

    private void refused(Voted voted) {
        assertThat(voted)
                .isInstanceOfSatisfying(
                        Voted.NotAllowed.class,
                        not -> assertThat(not.reasons())
                                .singleElement()
                                .asString()
                                .contains("are one person"));
        assertThat(office.record()).endsWith("vote-refused").doesNotContain("release");
    }

    @Test
    void ofTheSameVerifiedAddressAtAnotherIssuer() throws Exception {
        long request = office.held(DelegationChain.of(ALICE_WITH_MAIL), List.of(), terms(1, "approvers"));
        refused(office.approve(request, ELSEWHERE));
    }

    @Test
    void thatThePolicyLearnsOfOnlyWhileTheRequestWaits() throws Exception {
        Identity second = person("aadams", "approvers");
        long request = office.held(DelegationChain.of(ALICE), List.of(), terms(1, "approvers"));
        office.people = Office.onePerson("alice-adams", ALICE, second);
        refused(office.approve(request, second));
    }

    @Test
    void ofAnyPersonInTheMiddleOfTheChain() throws Exception {
        Identity second = person("bob-admin", "approvers");
        office.people = Office.onePerson("bob", BOB, second);
        long request = office.held(DelegationChain.of(ALICE, BOB, BOT), List.of(), terms(1, "approvers"));
        refused(office.approve(request, second));
    }
}
