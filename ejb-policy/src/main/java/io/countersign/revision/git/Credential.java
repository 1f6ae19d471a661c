package io.countersign.revision.git;

import io.countersign.api.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.URIish;

/** What the gateway shows to the repository's server where that asks (RFC 7617); nothing else is ever answered. */
final class Credential extends CredentialsProvider {

    private static final int LONGEST = 4096;

    private final String user;
    private final Secret password;

    private Credential(String user, Secret password) {
        this.user = user;
        this.password = password;
    }

    /** @throws IOException where the file is missing, or not one line {@code user:password} */
    static Credential in(Path file) throws IOException {
        if (Files.size(file) > LONGEST) {
            throw new IOException(file + " is too long for a credential");
        }
        String line = Files.readString(file, StandardCharsets.UTF_8).strip();
        int colon = line.indexOf(':');
        if (colon < 0 || line.lines().count() != 1) {
            throw new IOException(file + " must hold one line, user:password");
        }
        return new Credential(line.substring(0, colon), Secret.of(line.substring(colon + 1)));
    }

    @Override
    public boolean isInteractive() {
        return false;
    }

    @Override
    public boolean supports(CredentialItem... items) {
        for (CredentialItem item : items) {
            if (!(item instanceof CredentialItem.Username) && !(item instanceof CredentialItem.Password)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean get(URIish asks, CredentialItem... items) {
        if (!supports(items)) {
            return false;
        }
        for (CredentialItem item : items) {
            if (item instanceof CredentialItem.Username name) {
                name.setValue(user);
            } else if (item instanceof CredentialItem.Password secret) {
                secret.setValue(password.reveal().toCharArray());
            }
        }
        return true;
    }
}
