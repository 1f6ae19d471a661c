package io.countersign.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.policy.Role;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolesDecideWhatACallerReadsTest {

    private static final Identity ALICE =
            new Identity("https://issuer.example", "a1", "alice", Set.of(), Identity.Kind.PERSON);
    private static final Identity BOT =
            new Identity("https://issuer.example", "b1", "bot", Set.of(), Identity.Kind.AGENT);

    @ParameterizedTest
    @CsvSource({"REQUESTER, false, false", "APPROVER, true, false", "AUDITOR, true, true", "ADMINISTRATOR, true, true"})
    void otherPeoplesRequestsAndEverything(Role role, boolean requests, boolean everything) {
        Caller caller = new Caller();
        caller.known(DelegationChain.of(ALICE), Set.of(role), Caller.Way.SESSION);
        assertThat(caller.isReadingRequests()).isEqualTo(requests);
        assertThat(caller.isReadingAll()).isEqualTo(everything);
    }

    @Test
    void rolesAreNamedInOneOrder() {
        Caller caller = new Caller();
        caller.known(DelegationChain.of(ALICE), EnumSet.of(Role.AUDITOR, Role.REQUESTER), Caller.Way.SESSION);
        assertThat(caller.getRoleNames()).containsExactly("requester", "auditor");
    }

    @Test
    void theOneWhoActsIsTheLastOfTheChain() {
        Caller caller = new Caller();
        caller.known(DelegationChain.of(ALICE, BOT), Set.of(), Caller.Way.TOKEN);
        assertThat(caller.identity()).isEqualTo(BOT);
        assertThat(caller.came(Caller.Way.SESSION)).isFalse();
    }

    @Test
    void nobodyHasNoIdentity() {
        assertThat(new Caller().getName()).isEmpty();
        assertThatThrownBy(() -> new Caller().chain()).hasMessageContaining("nobody is signed in");
    }
}
