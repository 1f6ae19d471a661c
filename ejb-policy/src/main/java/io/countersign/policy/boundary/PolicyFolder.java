package io.countersign.policy.boundary;

import io.countersign.policy.Policy;
import io.countersign.policy.Policy.SourceFile;
import io.countersign.policy.PolicyException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The folder in which operators keep the policy, where they keep one: where revisions come from, not what is in force. */
@ApplicationScoped
public class PolicyFolder {

    @Inject
    @ConfigProperty(name = "countersign.policy.dir")
    private Optional<String> folder;

    public boolean isSet() {
        return folder.isPresent();
    }

    /** Names, sizes and times: what changes when somebody edits, copies or pulls. Quick, for asking every second. */
    public String stamp() {
        TreeMap<String, String> files = new TreeMap<>();
        if (folder.isEmpty()) {
            return "";
        }
        try (Stream<Path> listed = Files.list(Path.of(folder.get()))) {
            for (Path file : listed.filter(Files::isRegularFile).toList()) {
                files.put(file.getFileName().toString(), Files.size(file) + "@" + Files.getLastModifiedTime(file));
            }
        } catch (IOException e) {
            return "unreadable: " + e;
        }
        return files.toString();
    }

    /** @throws PolicyException where there is no such folder, or one that cannot be a policy */
    public List<SourceFile> files() throws PolicyException {
        return Policy.files(Path.of(folder.orElseThrow(
                () -> new IllegalStateException("countersign.policy.dir is not set: it names the policy's folder"))));
    }

    /** For messages to operators. */
    public String place() {
        return folder.orElse("(countersign.policy.dir is not set)");
    }
}
