package io.countersign.policy;

import io.countersign.api.Identity;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One step of an approval: the persons who countersign in it, or the automatic approver that is asked. */
public sealed interface Stage {

    /** Whose members may countersign; none where it is automatic. */
    List<ApproverGroup> approvers();

    /** How many distinct persons must countersign; 0 where it is automatic. */
    int quorum();

    /** So many persons, from whichever of the groups. */
    static Stage of(int quorum, List<ApproverGroup> approvers) {
        return new Persons(approvers, quorum, false);
    }

    /** One person from every group. */
    static Stage all(List<ApproverGroup> approvers) {
        return new Persons(approvers, approvers.size(), true);
    }

    /**
     * Met by people.
     *
     * @param approvers at least one
     * @param quorum    1 or more; as many as there are approver groups where {@code each}
     * @param each      whether every approver group must give one of them
     */
    record Persons(List<ApproverGroup> approvers, int quorum, boolean each) implements Stage {

        public Persons {
            approvers = List.copyOf(approvers);
            if (approvers.isEmpty() || quorum < 1 || each && quorum != approvers.size()) {
                throw new IllegalArgumentException("a stage needs approvers, and a quorum that they can meet");
            }
        }

        /** What is to be filled, each by another person: from which approver groups. */
        public List<List<ApproverGroup>> seats() {
            List<List<ApproverGroup>> seats = new ArrayList<>();
            for (int i = 0; i < quorum; i++) {
                seats.add(each ? List.of(approvers.get(i)) : approvers);
            }
            return seats;
        }
    }

    /**
     * Met by an automatic approver: a policy of Open Policy Agent, asked over its REST data API. It is nobody, and counts
     * towards no quorum of persons.
     *
     * @param name    what the policy calls it
     * @param opa     the address of the document that decides
     * @param timeout how long its answer is waited for, longer than nothing
     */
    record Automatic(String name, URI opa, Duration timeout) implements Stage {

        public Automatic {
            if (!timeout.isPositive()) {
                throw new IllegalArgumentException("an answer takes some time");
            }
        }

        @Override
        public List<ApproverGroup> approvers() {
            return List.of();
        }

        @Override
        public int quorum() {
            return 0;
        }

        /** As records name it: no person, vouched for by the address that answers. */
        public Identity identity() {
            return new Identity(opa.toString(), name, name, Set.of(), Identity.Kind.AGENT);
        }

        /** Whether this is who has answered; no person ever is. */
        public boolean is(Identity other) {
            return other.kind() == Identity.Kind.AGENT && other.sameAccount(identity());
        }
    }
}
