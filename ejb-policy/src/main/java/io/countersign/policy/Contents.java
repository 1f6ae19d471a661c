package io.countersign.policy;

import io.countersign.api.Content;
import java.util.List;

/** Says what a command's text would do, as the connector of its protocol does. */
@FunctionalInterface
public interface Contents {

    /**
     * @param schemas where names without a schema are looked for, in order
     * @throws IllegalArgumentException where the text is not understood, with the words of the protocol's parser
     */
    Content read(String text, List<String> schemas);
}
