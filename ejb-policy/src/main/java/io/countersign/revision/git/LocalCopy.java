package io.countersign.revision.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.BaseRepositoryBuilder;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PackParser;

/**
 * The gateway's own copy of the repository, without work tree, which takes only so much: who may push there must be able to
 * fill neither the gateway's disk nor its memory.
 */
final class LocalCopy extends FileRepository {

    /** In one pull, packed. */
    static final long MOST_RECEIVED = 256L << 20;

    /** Of any object: a delta is put together in memory. */
    static final long LARGEST_OBJECT = 8L << 20;

    /** No redirects: one would take the credential elsewhere. */
    private static final String FOLLOWED = "false";

    private LocalCopy(BaseRepositoryBuilder<?, ?> place) throws IOException {
        super(place);
    }

    /** Opens the one in that folder, to read it. */
    static LocalCopy in(Path folder) throws IOException {
        OwnSettings.keep();
        return new LocalCopy(
                new FileRepositoryBuilder().setBare().setGitDir(folder.toFile()).setup());
    }

    /** Opens it to pull into it, by one at a time; makes it where there is none. */
    static LocalCopy ready(Path folder) throws IOException {
        LocalCopy copy = in(folder);
        if (!copy.getObjectDatabase().exists()) {
            copy.create(true);
        }
        StoredConfig settings = copy.getConfig();
        if (!FOLLOWED.equals(settings.getString("http", null, "followRedirects"))) {
            settings.setString("http", null, "followRedirects", FOLLOWED);
            settings.setBoolean(ConfigConstants.CONFIG_GC_SECTION, null, ConfigConstants.CONFIG_KEY_AUTODETACH, false);
            settings.save();
        }
        return copy;
    }

    /** Takes away the locks that a process left there which was killed as it pulled. None may pull meanwhile. */
    static void unlock(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path lock : all.filter(
                                file -> file.getFileName().toString().endsWith(".lock"))
                        .toList()) {
                    Files.delete(lock);
                }
            }
        }
    }

    @Override
    public ObjectInserter newObjectInserter() {
        ObjectInserter unlimited = super.newObjectInserter();
        return new ObjectInserter.Filter() {
            @Override
            protected ObjectInserter delegate() {
                return unlimited;
            }

            @Override
            public PackParser newPackParser(InputStream in) throws IOException {
                PackParser parser = super.newPackParser(new Limited(in, MOST_RECEIVED));
                parser.setMaxObjectSizeLimit(LARGEST_OBJECT);
                return parser;
            }
        };
    }
}
