package io.countersign.revision.git;

import static io.countersign.policy.FileLimits.MOST_BYTES;
import static io.countersign.policy.FileLimits.MOST_FILES;

import io.countersign.policy.FileLimits;
import io.countersign.policy.Policy.SourceFile;
import io.countersign.policy.PolicyException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * The policy's folder in the commits of a repository: the same files within the same limits as in a folder on disk.
 *
 * @param folder within the repository; empty for its top
 */
record PolicyTree(ObjectReader objects, String folder) {

    /** What the folder is in a commit: two commits with the same one have the same policy. Zero where there is none. */
    ObjectId id(RevCommit commit) throws IOException {
        if (folder.isEmpty()) {
            return commit.getTree().getId();
        }
        try (TreeWalk found = TreeWalk.forPath(objects, folder, commit.getTree())) {
            return found == null || !FileMode.TREE.equals(found.getRawMode(0))
                    ? ObjectId.zeroId()
                    : found.getObjectId(0);
        }
    }

    /** @throws PolicyException where they cannot be a policy */
    List<SourceFile> files(RevCommit commit) throws PolicyException, IOException {
        return files(id(commit));
    }

    List<SourceFile> files(ObjectId tree) throws PolicyException, IOException {
        List<SourceFile> files = new ArrayList<>();
        if (!tree.equals(ObjectId.zeroId())) {
            try (TreeWalk walk = new TreeWalk(objects)) {
                walk.addTree(tree);
                while (walk.next()) {
                    String name = walk.getNameString();
                    if (FileLimits.isPart(name) && !FileMode.TREE.equals(walk.getRawMode(0))) {
                        if (files.size() == MOST_FILES) {
                            throw FileLimits.broken("a policy has at most " + MOST_FILES + " files named *.yaml");
                        }
                        files.add(new SourceFile(name, text(name, walk)));
                    }
                }
            }
        }
        if (files.isEmpty()) {
            throw FileLimits.broken("there is no file named *.yaml in " + (folder.isEmpty() ? "its top" : folder));
        }
        // As a folder lists them: the revision is a hash over names and texts in this order.
        return files.stream().sorted(Comparator.comparing(SourceFile::name)).toList();
    }

    private String text(String name, TreeWalk walk) throws PolicyException, IOException {
        // A link would be read as the path that it leads to.
        if (!FileMode.REGULAR_FILE.equals(walk.getRawMode(0)) && !FileMode.EXECUTABLE_FILE.equals(walk.getRawMode(0))) {
            throw FileLimits.broken(name + " is no file but a link or another repository");
        }
        ObjectLoader blob = objects.open(walk.getObjectId(0), Constants.OBJ_BLOB);
        if (blob.getSize() > MOST_BYTES) {
            throw FileLimits.broken(name + " is larger than " + MOST_BYTES + " bytes");
        }
        return FileLimits.text(name, blob.getBytes((int) MOST_BYTES));
    }
}
