package io.countersign.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * One step of an approval: who countersigns in it, and how many.
 *
 * @param approvers at least one
 * @param quorum    how many distinct persons must, 1 or more; as many as there are approver groups where {@code each}
 * @param each      whether every approver group must give one of them
 */
public record Stage(List<ApproverGroup> approvers, int quorum, boolean each) {

    public Stage {
        approvers = List.copyOf(approvers);
        if (approvers.isEmpty() || quorum < 1 || each && quorum != approvers.size()) {
            throw new IllegalArgumentException("a stage needs approvers, and a quorum that they can meet");
        }
    }

    /** So many persons, from whichever of the groups. */
    public static Stage of(int quorum, List<ApproverGroup> approvers) {
        return new Stage(approvers, quorum, false);
    }

    /** One person from every group. */
    public static Stage all(List<ApproverGroup> approvers) {
        return new Stage(approvers, approvers.size(), true);
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
