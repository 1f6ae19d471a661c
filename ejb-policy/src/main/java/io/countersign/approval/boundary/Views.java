package io.countersign.approval.boundary;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.approval.Approvers;
import io.countersign.approval.Ballot;
import io.countersign.approval.Circumstances;
import io.countersign.approval.Eligibility.Eligible;
import io.countersign.approval.Eligibility.Excluded;
import io.countersign.approval.Held;
import io.countersign.approval.Progress;
import io.countersign.approval.Standing;
import io.countersign.approval.State;
import io.countersign.approval.Today;
import io.countersign.approval.boundary.RequestView.BindView;
import io.countersign.approval.boundary.RequestView.ExcludedView;
import io.countersign.approval.boundary.RequestView.StageView;
import io.countersign.approval.boundary.RequestView.TermView;
import io.countersign.approval.boundary.RequestView.VoteView;
import io.countersign.identity.People;
import io.countersign.policy.ApproverGroup;
import io.countersign.policy.Stage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A request as people read it.
 *
 * @param people        who is who by the policy in force
 * @param members       whom the gateway knows in any of some groups
 * @param circumstances of somebody's vote on a request now
 * @param today         what the policy in force says of a held command
 */
record Views(
        People people,
        Function<Set<String>, List<Identity>> members,
        BiFunction<Identity, Standing, Circumstances> circumstances,
        Function<Held, Today> today) {

    /** More would not be read, and each costs a decision. */
    private static final int MOST_CANDIDATES = 100;

    RequestView of(Standing standing) {
        Held held = standing.held();
        List<Identity> eligible = new ArrayList<>();
        List<ExcludedView> excluded = new ArrayList<>();
        for (Identity candidate : candidates(standing)) {
            switch (Approvers.mayApprove(
                    DelegationChain.of(candidate), standing, circumstances.apply(candidate, standing))) {
                case Eligible() -> eligible.add(candidate);
                case Excluded(List<String> reasons) -> excluded.add(new ExcludedView(candidate, reasons));
            }
        }
        return new RequestView(
                standing.id(),
                held.matter(),
                standing.state(),
                held.session(),
                held.command(),
                held.requester().links(),
                held.protocol(),
                held.target(),
                held.statement(),
                held.binds().stream()
                        .map(bind -> new BindView(bind.type(), bind.text()))
                        .toList(),
                held.effects(),
                held.reasons(),
                held.state(),
                held.digest().toString(),
                held.revision(),
                progress(standing).stream().map(Views::of).toList(),
                standing.attended(),
                held.rerun(),
                standing.endsTransaction(),
                standing.since(),
                standing.until(),
                standing.ended(),
                standing.votes().stream().map(Views::of).toList(),
                eligible,
                excluded,
                held.insights());
    }

    /** What is decided was decided by what was in force then. */
    private List<Progress> progress(Standing standing) {
        return standing.progress(people, standing.state() == State.PENDING ? today.apply(standing.held()) : Today.SAME);
    }

    private static TermView of(Progress progress) {
        List<StageView> stages = new ArrayList<>();
        boolean before = true;
        for (Progress.At at : progress.stages()) {
            stages.add(of(at, before && !at.met()));
            before &= at.met();
        }
        return new TermView(
                progress.terms().rule(),
                new TreeSet<>(progress.terms().groups()),
                progress.terms().persons(),
                progress.approvals(),
                stages);
    }

    private static StageView of(Progress.At at, boolean open) {
        Stage stage = at.stage();
        return new StageView(
                stage.approvers().stream().map(ApproverGroup::name).toList(),
                stage.approvers().stream()
                        .flatMap(group -> group.groups().stream())
                        .collect(Collectors.toCollection(TreeSet::new)),
                stage.quorum(),
                stage instanceof Stage.Persons persons && persons.each(),
                stage instanceof Stage.Persons ? at.counted().size() : 0,
                open,
                at.met(),
                stage instanceof Stage.Automatic automatic ? Optional.of(automatic.name()) : Optional.empty());
    }

    private static VoteView of(Ballot ballot) {
        return new VoteView(ballot.voter(), ballot.choice(), ballot.comment(), ballot.at());
    }

    /** Those who ask, and while it waits everybody known whom the terms speak of. */
    private List<Identity> candidates(Standing standing) {
        List<Identity> candidates = new ArrayList<>(standing.held().requester().links());
        if (standing.state() != State.PENDING) {
            return candidates;
        }
        Set<String> groups = new HashSet<>();
        progress(standing).forEach(progress -> groups.addAll(progress.terms().groups()));
        members.apply(groups).stream()
                .filter(member -> candidates.stream().noneMatch(member::sameAccount))
                .limit(MOST_CANDIDATES)
                .forEach(candidates::add);
        return candidates;
    }
}
