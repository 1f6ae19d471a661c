package io.countersign.revision.git;

import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what the machine and its users have set for git away from the gateway: their settings name programs to run, other
 * addresses to ask, and certificates not to check.
 */
final class OwnSettings extends SystemReader.Delegate {

    private OwnSettings() {
        super(SystemReader.getInstance());
    }

    /** For everything that this class loader does with git; asking twice is harmless. */
    static synchronized void keep() {
        if (!(SystemReader.getInstance() instanceof OwnSettings)) {
            SystemReader.setInstance(new OwnSettings());
        }
    }

    /** None: by {@code PATH}, for one, the program git would be found and asked for the system's settings. */
    @Override
    public @Nullable String getenv(String variable) {
        return null;
    }

    @Override
    public FileBasedConfig openUserConfig(@Nullable Config parent, FS files) {
        return new Nothing(parent, files);
    }

    @Override
    public FileBasedConfig openSystemConfig(@Nullable Config parent, FS files) {
        return new Nothing(parent, files);
    }

    @Override
    public FileBasedConfig openJGitConfig(@Nullable Config parent, FS files) {
        return new Nothing(parent, files);
    }

    /** Settings that say nothing, and forget what is put into them. */
    @SuppressWarnings("NullAway") // it has no file
    private static final class Nothing extends FileBasedConfig {

        Nothing(@Nullable Config parent, FS files) {
            super(parent, null, files);
        }

        @Override
        public void load() {
            // There is nothing to read.
        }

        @Override
        public void save() {
            // And nowhere to write.
        }

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}
