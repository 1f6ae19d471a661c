package io.countersign.revision.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.MergeCommand.FastForwardMode;
import org.eclipse.jgit.api.ResetCommand.ResetType;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;

/** A repository in which people write the policy, in its folder {@code policy}. */
final class Written implements AutoCloseable {

    final Path folder;
    private final Git git;
    private long second = 1_700_000_000;

    private Written(Path folder, Git git) {
        this.folder = folder;
        this.git = git;
    }

    static Written in(Path folder) throws GitAPIException {
        OwnSettings.keep();
        return new Written(
                folder,
                Git.init()
                        .setDirectory(folder.toFile())
                        .setInitialBranch("main")
                        .call());
    }

    String commit(String who, String file, String text) throws IOException, GitAPIException {
        return commit(who, who, file, text, "Change " + file);
    }

    String commit(String author, String committer, String file, String text, String message)
            throws IOException, GitAPIException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        git.add().addFilepattern(".").call();
        return git.commit()
                .setMessage(message)
                .setAuthor(person(author))
                .setCommitter(person(committer))
                .call()
                .name();
    }

    void branch(String name, String from) throws GitAPIException {
        git.checkout().setCreateBranch(true).setName(name).setStartPoint(from).call();
    }

    String merge(String who, String other) throws IOException, GitAPIException {
        git.merge()
                .include(git.getRepository().resolve(other))
                .setFastForward(FastForwardMode.NO_FF)
                .setCommit(false)
                .call();
        return git.commit()
                .setMessage("Merge")
                .setAuthor(person(who))
                .setCommitter(person(who))
                .call()
                .name();
    }

    void main() throws GitAPIException {
        git.checkout().setName("main").call();
    }

    void reset(String commit) throws GitAPIException {
        git.reset().setMode(ResetType.HARD).setRef(commit).call();
    }

    Git git() {
        return git;
    }

    private PersonIdent person(String name) {
        return new PersonIdent(name, name + "@example.com", Instant.ofEpochSecond(second++), ZoneOffset.UTC);
    }

    @Override
    public void close() {
        git.close();
    }
}
