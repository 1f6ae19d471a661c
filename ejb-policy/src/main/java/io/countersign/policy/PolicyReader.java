package io.countersign.policy;

import static io.countersign.policy.FileLimits.MOST_BYTES;
import static io.countersign.policy.FileLimits.MOST_FILES;

import io.countersign.api.Digest;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a policy folder: every {@code *.yaml} in it may hold any of the top keys, lists of several files are joined.
 * Collects every problem before it gives up.
 */
final class PolicyReader {

    private final List<Problem> problems = new ArrayList<>();
    private final IdentityReader identities;
    private final TargetReader targets;
    private final MaskReader masks;
    private final SessionReader sessions;
    private final ApproverReader approvers;
    private final DutyReader duties;
    private final PlanReader plans;
    private final TicketReader tickets = new TicketReader();
    private final SeparationReader separations = new SeparationReader();

    private PolicyReader(UnaryOperator<@Nullable String> variables, boolean deployed) {
        Values values = new Values(variables, deployed);
        this.identities = new IdentityReader(values);
        this.targets = new TargetReader(values);
        this.masks = new MaskReader(values);
        this.sessions = new SessionReader(values);
        this.approvers = new ApproverReader(values);
        this.duties = new DutyReader(values, targets, masks, approvers);
        this.plans = new PlanReader(approvers);
    }

    static Policy read(Path folder, UnaryOperator<@Nullable String> variables) throws PolicyException {
        return read(files(folder), variables);
    }

    static Policy read(List<Policy.SourceFile> files, UnaryOperator<@Nullable String> variables)
            throws PolicyException {
        return new PolicyReader(variables, true).policy(files);
    }

    /** Reads it where it is not deployed: variables, environment and password files may be missing. */
    static Policy check(Path folder) throws PolicyException {
        return check(files(folder));
    }

    static Policy check(List<Policy.SourceFile> files) throws PolicyException {
        return new PolicyReader(name -> null, false).policy(files);
    }

    private Policy policy(List<Policy.SourceFile> files) throws PolicyException {
        within(files);
        List<Yaml.Fields> roots = new ArrayList<>();
        for (Policy.SourceFile file : files) {
            Yaml.read(file.name(), file.text(), problems).ifPresent(roots::add);
        }
        for (Yaml.Fields root : roots) {
            root.only(
                    "issuers",
                    "agents",
                    "persons",
                    "targets",
                    "approvers",
                    "roles",
                    "masks",
                    "duties",
                    "separations",
                    "plans",
                    "sessions",
                    "tickets");
        }
        // What others refer to comes first, whatever file it stands in.
        roots.forEach(root -> root.maps("issuers").forEach(identities::issuer));
        roots.forEach(root -> root.maps("agents").forEach(identities::agent));
        roots.forEach(root -> root.maps("persons").forEach(identities::person));
        roots.forEach(root -> root.maps("targets").forEach(targets::target));
        roots.forEach(root -> root.maps("approvers").forEach(approvers::approvers));
        roots.forEach(root -> root.maps("masks").forEach(masks::mask));
        roots.forEach(root -> root.map("roles").ifPresent(identities::roles));
        roots.forEach(root -> root.map("sessions").ifPresent(sessions::sessions));
        roots.forEach(root -> root.map("tickets").ifPresent(tickets::tickets));
        roots.forEach(root -> root.maps("duties").forEach(duties::duty));
        roots.forEach(root -> root.map("plans").ifPresent(plans::plans));
        roots.forEach(root ->
                root.maps("separations").forEach(separation -> separations.separation(separation, duties.carriers())));
        if (!problems.isEmpty()) {
            throw new PolicyException(problems);
        }
        return new Policy(new Policy.Parts(
                revision(files),
                files,
                identities.issuers(),
                identities.people(),
                targets.targets(),
                targets.explained(),
                identities.roles(),
                duties.carriers(),
                duties.elevations(),
                duties.rules(),
                separations.separations(),
                separations.ofObjects(),
                approvers.known(),
                masks.known(),
                sessions.sessions(),
                new Ticketing(tickets.longest(), targets.tickets()),
                plans.planning()));
    }

    /** Files that came another way than from a folder must be such as a folder could hold. */
    private static void within(List<Policy.SourceFile> files) throws PolicyException {
        if (files.isEmpty() || files.size() > MOST_FILES) {
            throw FileLimits.broken("a policy has 1 to " + MOST_FILES + " files, not " + files.size());
        }
        if (files.stream().map(Policy.SourceFile::name).distinct().count() != files.size()) {
            throw FileLimits.broken("two files have one name");
        }
        for (Policy.SourceFile file : files) {
            if (!FileLimits.isPart(file.name())) {
                throw FileLimits.broken(
                        "'" + file.name() + "' is no name of a policy file: write NAME.yaml, without a folder");
            }
            if (file.text().length() > MOST_BYTES) {
                throw FileLimits.broken(file.name() + " is larger than " + MOST_BYTES + " bytes");
            }
        }
    }

    static List<Policy.SourceFile> files(Path folder) throws PolicyException {
        List<Policy.SourceFile> files = new ArrayList<>();
        try (Stream<Path> listed = Files.list(folder)) {
            List<Path> yaml = listed.filter(Files::isRegularFile)
                    .filter(file -> FileLimits.isPart(file.getFileName().toString()))
                    .sorted()
                    .toList();
            if (yaml.isEmpty() || yaml.size() > MOST_FILES) {
                throw FileLimits.broken(
                        folder + " must hold 1 to " + MOST_FILES + " files named *.yaml, not " + yaml.size());
            }
            for (Path file : yaml) {
                String name = file.getFileName().toString();
                if (Files.size(file) > MOST_BYTES) {
                    throw FileLimits.broken(name + " is larger than " + MOST_BYTES + " bytes");
                }
                files.add(new Policy.SourceFile(name, Files.readString(file, StandardCharsets.UTF_8)));
            }
        } catch (CharacterCodingException e) {
            throw FileLimits.broken("a file in " + folder + " is not UTF-8");
        } catch (IOException e) {
            throw FileLimits.broken(folder + " cannot be read: " + e);
        }
        return files;
    }

    static String revision(List<Policy.SourceFile> files) {
        var digest = Digest.over().length(files.size());
        files.forEach(file -> digest.field(file.name()).field(file.text()));
        return digest.done().toString();
    }
}
