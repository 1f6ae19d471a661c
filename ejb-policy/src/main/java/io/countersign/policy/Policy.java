package io.countersign.policy;

import io.countersign.api.Command;
import io.countersign.api.Identity;
import io.countersign.api.Mask;
import io.countersign.api.Target;
import io.countersign.identity.Issuer;
import io.countersign.identity.People;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One revision of the policy, compiled: what the folder says, and the decision point over it. Immutable.
 */
public final class Policy {

    /**
     * A file of the folder, for people to read.
     *
     * @param name relative to the folder
     */
    public record SourceFile(String name, String text) {}

    /** Somebody who answers for an agent, and so cannot approve what it asks for. */
    public record Owner(String issuer, String subject) {}

    /**
     * What sessions may be.
     *
     * @param endWithToken whether a session ends when its token does
     * @param perIdentity  sessions that one identity may have at a time
     * @param total        sessions that the gateway may have at a time
     */
    public record SessionLimits(boolean endWithToken, int perIdentity, int total) {}

    /** Everything the reader found, already checked. */
    record Parts(
            String revision,
            List<SourceFile> files,
            List<Issuer> issuers,
            People people,
            List<Target> targets,
            Set<String> explained,
            Map<Role, Set<String>> roles,
            Map<String, Set<String>> carriers,
            Map<String, Elevation> elevations,
            List<Rule> rules,
            List<Separation> separations,
            List<ObjectSeparation> ofObjects,
            List<ApproverGroup> approvers,
            List<Mask> masks,
            SessionLimits sessions,
            Ticketing tickets,
            Optional<Planning> planning) {}

    private final Parts parts;
    private final Duties duties;
    private final Rulebook rulebook;
    private final ObjectSeparations objects;
    private final boolean separatesSessions;
    private final DecisionMemory remembered = new DecisionMemory();

    Policy(Parts parts) {
        this.parts = parts;
        this.objects = new ObjectSeparations(parts.ofObjects(), parts.people());
        this.separatesSessions = parts.separations().stream().anyMatch(each -> each.kind() == Separation.Kind.SESSION);
        this.duties = new Duties(parts.carriers(), parts.elevations(), parts.separations());
        this.rulebook = new Rulebook(parts.rules(), duties, parts.revision());
    }

    /**
     * Reads and compiles a folder of {@code *.yaml} files.
     *
     * @param variables values of {@code ${name}}; null for a name that it does not know
     * @throws PolicyException with every problem found, by file, line and column
     */
    public static Policy load(Path folder, UnaryOperator<@Nullable String> variables) throws PolicyException {
        return PolicyReader.read(folder, variables);
    }

    /** The same for files that are not in a folder: what was uploaded, or kept. */
    public static Policy of(List<SourceFile> files, UnaryOperator<@Nullable String> variables) throws PolicyException {
        return PolicyReader.read(files, variables);
    }

    /**
     * The files of a folder, as they are.
     *
     * @throws PolicyException where they are too many or too large, or no UTF-8
     */
    public static List<SourceFile> files(Path folder) throws PolicyException {
        return PolicyReader.files(folder);
    }

    /** Content hash of files, before variables are put in: 64 hexadecimal digits. */
    public static String revision(List<SourceFile> files) {
        return PolicyReader.revision(files);
    }

    /** What changes where this comes into force after another, in words; what widens comes first. */
    public List<Change> since(Policy before) {
        return Changes.between(before.parts, parts);
    }

    /**
     * Who can do what on a target, and whom they need, by group.
     *
     * @param effect an effect ({@code sql:delete on table public.orders}) or an action ({@code sql:delete}); all where empty
     */
    public List<Reach.Way> reach(String target, Optional<String> effect) {
        return Reach.of(parts, target, effect);
    }

    /** By the name of each rule, a digest over what it means: the same for as long as it means the same. */
    public Map<String, String> forms() {
        return Forms.of(parts.rules(), parts.carriers(), parts.elevations(), parts.planning());
    }

    /** Judges a command of somebody who has no more than what their groups carry. */
    public Decision decide(Command command, Instant now) {
        return decide(command, Set.of(), now);
    }

    /**
     * Judges a command: the one decision point, whatever way the command came. Never throws for what it contains.
     *
     * @param elevated the duties that the requester has on this target for a time, by break-glass or a grant
     */
    public Decision decide(Command command, Set<String> elevated, Instant now) {
        return remembered.decision(command, elevated, () -> rulebook.judge(command, elevated, now));
    }

    /**
     * Why nobody of these groups may sign in: they carry two duties that a separation keeps apart. In words that follow a
     * name; empty where they do not.
     */
    public Optional<String> conflict(Collection<String> groups) {
        return conflict(groups, Set.of());
    }

    /** The same where they had these duties for a time as well. */
    public Optional<String> conflict(Collection<String> groups, Set<String> elevated) {
        return duties.conflict(Set.copyOf(groups), elevated).map(found -> "carries " + found.getValue());
    }

    /** How somebody comes to use a duty for a time; empty where nobody can. */
    public Optional<Elevation> elevation(String duty) {
        return Optional.ofNullable(parts.elevations().get(duty));
    }

    /** Who plans commands and who runs them; empty where nobody does. */
    public Optional<Planning> planning() {
        return parts.planning();
    }

    /** The rules of a duty, by name. */
    public List<String> rules(String duty) {
        return parts.rules().stream()
                .filter(rule -> rule.duty().equals(duty))
                .map(Rule::name)
                .toList();
    }

    /** Every duty that somebody can come to use for a time, by name. */
    public Map<String, Elevation> elevations() {
        return parts.elevations();
    }

    /** Every rule, in the order of the folder, and what it says of each effect of a command: explanation for people. */
    List<Considered> explain(Command command, Instant now) {
        return rulebook.explain(command, now);
    }

    /** What is allowed and yet probably a mistake. */
    List<Problem> warnings(List<Identity> accounts) {
        return new Lint(parts, accounts).warnings();
    }

    /** Everybody of these who could not sign in under this policy, as its problems. */
    public List<Problem> conflicts(Collection<Identity> known) {
        List<Problem> problems = new ArrayList<>();
        for (Identity each : known) {
            duties.conflict(each.groups(), Set.of())
                    .ifPresent(found -> problems.add(new Problem(
                            found.getKey().file(),
                            found.getKey().line(),
                            1,
                            each.name() + " of the accounts file carries " + found.getValue())));
        }
        return problems;
    }

    /** Whether some duties exclude one another within one session. */
    boolean separatesSessions() {
        return separatesSessions;
    }

    /**
     * The decision as it is in a session that has used duties before.
     *
     * @param used by which command each was used first
     */
    Decision separated(Decision decision, Map<String, Long> used) {
        for (Separation separation : parts.separations()) {
            Optional<String> witness = separation.usedTwice(decision.duties(), used);
            if (witness.isPresent()) {
                List<Decision.Reason> reasons = decision.reasons().stream()
                        .map(reason -> separation.refusal(reason.effect(), witness.get()))
                        .distinct()
                        .toList();
                return new Decision(
                        Decision.Ruling.REFUSE, reasons, List.of(), List.of(), Set.of(), decision.revision());
            }
        }
        return decision;
    }

    /** What nobody may do to an object to which they have done something else. */
    public ObjectSeparations objects() {
        return objects;
    }

    /** Content hash of the folder, before variables are put in: 64 hexadecimal digits. */
    public String revision() {
        return parts.revision();
    }

    public Optional<Target> target(String protocol, String name) {
        return parts.targets().stream()
                .filter(each -> each.protocol().equals(protocol) && each.name().equals(name))
                .findFirst();
    }

    public List<Target> targets() {
        return parts.targets();
    }

    /** Whether a target may be asked for the plan of a held command, and so reads the command's text before it is approved. */
    public boolean explains(String protocol, String target) {
        return parts.explained().contains(protocol + " " + target);
    }

    public List<Issuer> issuers() {
        return parts.issuers();
    }

    /** Whether it takes this issuer's word ({@code iss}) for who somebody is. */
    public boolean trusts(String issuer) {
        return parts.issuers().stream().anyMatch(each -> each.issuer().equals(issuer));
    }

    /** Who is one person with several accounts, who is an agent, and who owns it. */
    public People people() {
        return parts.people();
    }

    /**
     * Who owns this agent. The policy names owners by subject; each is meant at every issuer, since to keep out one person
     * too many is safe, and to let an owner approve is not.
     */
    public Set<Owner> owners(Identity agent) {
        return parts.people().agents().owners(agent).stream()
                .flatMap(owner -> parts.issuers().stream().map(issuer -> new Owner(issuer.issuer(), owner)))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What members of these groups may do in the console and by REST. */
    public Set<Role> roles(Collection<String> groups) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        parts.roles().forEach((role, holders) -> {
            if (groups.stream().anyMatch(holders::contains)) {
                roles.add(role);
            }
        });
        return roles;
    }

    /** Groups whose members have at least one of these roles. */
    public Set<String> holders(Role... roles) {
        return Stream.of(roles)
                .flatMap(role -> parts.roles().getOrDefault(role, Set.of()).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    public SessionLimits sessions() {
        return parts.sessions();
    }

    /** How long a ticket for this target lasts at most; zero where there are none. */
    public Duration longestTicket(Target target) {
        return parts.tickets().longest(target);
    }

    /** The folder's files as they were read, by name. */
    public List<SourceFile> files() {
        return parts.files();
    }

    /** For people: how much of what there is. */
    public String described() {
        return "%d targets, %d issuers, %d duties, %d rules"
                .formatted(
                        parts.targets().size(),
                        parts.issuers().size(),
                        parts.carriers().size(),
                        parts.rules().size());
    }
}
