package io.countersign.launcher;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the user of {@code countersign demo} asked for.
 *
 * @param describe     where to write the description as JSON
 * @param data         the data directory
 * @param policy       the policy folder; the example's copy in the data directory otherwise
 * @param policyGit    a git repository to pull the policy from instead
 * @param store        the store; H2 in the data directory otherwise
 * @param payaraServer an unpacked Payara Server to run on; Payara Micro in this process otherwise
 * @param httpPort     console and REST
 * @param postgresPort the gateway's PostgreSQL listener
 * @param fourEyes     whether changes of the policy folder wait for somebody's approval
 * @param bootstrap    what the first policy needs: {@code folder} for nothing, {@code code} for the code that the log shows
 * @param script       how the user calls this program
 */
record DemoOptions(
        Optional<Path> describe,
        Optional<Path> data,
        Optional<Path> policy,
        Optional<String> policyGit,
        Optional<StoreAddress> store,
        Optional<Path> payaraServer,
        @Nullable Integer httpPort,
        @Nullable Integer postgresPort,
        boolean fourEyes,
        String bootstrap,
        String script) {}
