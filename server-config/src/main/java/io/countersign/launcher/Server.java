package io.countersign.launcher;

import java.nio.file.Path;

/** The application server under a gateway, booted and without any application yet. */
sealed interface Server permits PayaraMicro, PayaraServer {

    /**
     * Deploys the gateway and makes sure that it is there.
     *
     * @throws Failure naming the log that says why it is not
     */
    void deploy(Path ear);

    void stop();
}
