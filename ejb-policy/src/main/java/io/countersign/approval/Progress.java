package io.countersign.approval;

import io.countersign.api.Identity;
import io.countersign.identity.People;
import io.countersign.policy.ApproverGroup;
import io.countersign.policy.Decision.Terms;
import io.countersign.policy.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far one rule's terms are met, stage by stage. A person, not an account, takes one seat over all stages: that of the
 * first stage that has one for it. Within a stage people are seated so that as many seats as possible are taken. What an
 * automatic approver answers takes no person's seat, and no person takes its.
 *
 * @param stages in the order in which they must be met
 */
public record Progress(Terms terms, List<At> stages) {

    public Progress {
        stages = List.copyOf(stages);
    }

    /** @param counted the votes that take a seat in this stage, in the order in which they were cast */
    public record At(Stage stage, List<Ballot> counted) {

        public At {
            counted = List.copyOf(counted);
        }

        public boolean met() {
            return switch (stage) {
                case Stage.Persons persons -> counted.size() == persons.quorum();
                case Stage.Automatic automatic -> !counted.isEmpty();
            };
        }
    }

    static Progress of(Terms terms, List<Ballot> votes, People people) {
        List<Ballot> left = persons(votes, people);
        List<At> stages = new ArrayList<>();
        for (Stage stage : terms.stages()) {
            List<Ballot> counted = switch (stage) {
                case Stage.Persons ofPersons -> seated(ofPersons, left);
                case Stage.Automatic automatic ->
                    votes.stream()
                            .filter(vote -> vote.choice() == Choice.APPROVE && automatic.is(vote.voter()))
                            .toList();
            };
            left.removeAll(counted);
            stages.add(new At(stage, counted));
        }
        return new Progress(terms, stages);
    }

    public boolean met() {
        return stages.stream().allMatch(At::met);
    }

    /** How many distinct persons count, over all stages. */
    public int approvals() {
        return stages.stream()
                .flatMap(at -> at.counted().stream())
                .mapToInt(ballot -> ballot.automatic() ? 0 : 1)
                .sum();
    }

    /** The stage that takes votes now; empty where all are met. */
    Optional<At> open() {
        return stages.stream().filter(at -> !at.met()).findFirst();
    }

    /** Where this voter's vote counts; -1 where it does not. */
    int stageOf(Identity voter) {
        for (int i = 0; i < stages.size(); i++) {
            if (stages.get(i).counted().stream()
                    .anyMatch(ballot -> ballot.voter().sameAccount(voter))) {
                return i;
            }
        }
        return -1;
    }

    /** Approvals of natural persons, the first of each. */
    private static List<Ballot> persons(List<Ballot> votes, People people) {
        List<Ballot> persons = new ArrayList<>();
        for (Ballot vote : votes) {
            if (vote.choice() == Choice.APPROVE
                    && !vote.automatic()
                    && persons.stream()
                            .noneMatch(other ->
                                    people.same(other.voter(), vote.voter()).isPresent())) {
                persons.add(vote);
            }
        }
        return persons;
    }

    private static List<Ballot> seated(Stage.Persons stage, List<Ballot> votes) {
        List<List<ApproverGroup>> seats = stage.seats();
        @Nullable Ballot[] taken = new @Nullable Ballot[seats.size()];
        for (Ballot vote : votes) {
            seat(vote, seats, taken, new boolean[seats.size()]);
        }
        List<Ballot> seated = new ArrayList<>(votes);
        seated.retainAll(Arrays.stream(taken).filter(Objects::nonNull).toList());
        return seated;
    }

    /** Whether a seat is found for it, others moving to seats that are as good for them (an augmenting path). */
    private static boolean seat(
            Ballot vote, List<List<ApproverGroup>> seats, @Nullable Ballot[] taken, boolean[] asked) {
        for (int i = 0; i < taken.length; i++) {
            if (!asked[i] && fits(vote, seats.get(i))) {
                asked[i] = true;
                Ballot there = taken[i];
                if (there == null || seat(there, seats, taken, asked)) {
                    taken[i] = vote;
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean fits(Ballot vote, List<ApproverGroup> seat) {
        return seat.stream().anyMatch(group -> group.has(vote.voter().groups()) && group.opensAt(vote.at()));
    }

    /** Whether one more approval by this identity would take a seat in the stage that is open. */
    boolean takes(Ballot vote) {
        return open().filter(at -> {
                    List<Ballot> votes = new ArrayList<>(at.counted());
                    votes.add(vote);
                    return at.stage() instanceof Stage.Persons persons
                            && seated(persons, votes).contains(vote);
                })
                .isPresent();
    }

    /** Whether somebody of these groups has a place in any of the stages. */
    boolean concerns(Identity voter) {
        return !Collections.disjoint(terms.groups(), voter.groups());
    }
}
