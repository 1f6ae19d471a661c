package io.countersign.it.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A repository in which the people of the demo commit with git as Debian has it. */
public final class GitRepository {

    private final Path folder;

    private GitRepository(Path folder) {
        this.folder = folder;
    }

    /** An empty one whose branch is {@code main}. */
    public static GitRepository init(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        GitRepository repository = new GitRepository(folder);
        repository.git("nobody", "init", "-q", "-b", "main");
        return repository;
    }

    /** @return the commit's id */
    public String commit(String who, String file, String text) {
        try {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        git(who, "add", ".");
        git(who, "commit", "-q", "-m", who + " changes " + file);
        return git(who, "rev-parse", "HEAD").strip();
    }

    /** Lets the branch end there: what came after is in no history any more. */
    public void reset(String commit) {
        git("nobody", "reset", "-q", "--hard", commit);
    }

    private String git(String who, String... words) {
        List<String> command =
                new ArrayList<>(List.of(Debian.program("/usr/bin/git", "git").toString(), "-C", folder.toString()));
        command.addAll(List.of(words));
        return Program.start(command, environment(who)).finish().orFail().out();
    }

    private static Map<String, String> environment(String who) {
        String email = who + "@example.com";
        return Map.of(
                "GIT_CONFIG_GLOBAL", "/dev/null",
                "GIT_CONFIG_NOSYSTEM", "1",
                "GIT_AUTHOR_NAME", who,
                "GIT_AUTHOR_EMAIL", email,
                "GIT_COMMITTER_NAME", who,
                "GIT_COMMITTER_EMAIL", email);
    }

    /** Its files as git serves them. */
    Path served() {
        return folder.resolve(".git");
    }
}
