package io.countersign.revision.boundary;

import io.countersign.policy.PolicyException;
import io.countersign.policy.boundary.PolicyFolder;
import io.countersign.revision.Source;
import java.util.List;
import java.util.Optional;

/** The folder of {@code countersign.policy.dir}. */
record FolderPlace(PolicyFolder folder, PolicySettings settings) implements PolicyPlace {

    @Override
    public Source source() {
        return Source.FOLDER;
    }

    @Override
    public String described() {
        return folder.place();
    }

    @Override
    public Optional<String> stamp() {
        return Optional.of(folder.stamp());
    }

    @Override
    public Written read() throws PolicyException {
        return new Written(folder.files(), () -> new Byline(settings.author(), "", List.of()));
    }
}
