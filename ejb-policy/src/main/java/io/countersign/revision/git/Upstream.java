package io.countersign.revision.git;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;

/**
 * Which folder of which branch holds the policy, and where that is pulled from.
 *
 * @param url        {@code https://...}, {@code file:///...} or a local path; {@code http://...} on this machine only
 * @param folder     within the repository; empty for its top
 * @param credential a file with {@code user:password}; read at each pull, so that it may change
 */
public record Upstream(String url, String branch, String folder, Optional<Path> credential) {

    private static final Pattern THIS_MACHINE = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    /** @throws IllegalArgumentException where this gateway does not pull from there, with the reason */
    public Upstream {
        if (!url.startsWith("/")) {
            check(url);
        }
        if (!Repository.isValidRefName(Constants.R_HEADS + branch)) {
            throw new IllegalArgumentException("'" + branch + "' is no name of a branch");
        }
        folder = Path.of("/" + folder).normalize().toString().substring(1);
    }

    private static void check(String url) {
        URI address;
        try {
            address = new URI(url);
        } catch (URISyntaxException e) {
            // Its message has the address, and that may have a password.
            throw new IllegalArgumentException(
                    "the address is none: " + e.getReason() + " at character " + (e.getIndex() + 1));
        }
        String scheme = address.getScheme() == null ? "" : address.getScheme();
        String host = address.getHost() == null ? "" : address.getHost();
        switch (scheme) {
            case "file" -> {}
            case "https", "http" -> {
                // With two @ it is an authority of no known form, and no user is told apart (RFC 3986 §3.2).
                if (String.valueOf(address.getRawAuthority()).indexOf('@') >= 0) {
                    throw new IllegalArgumentException(
                            "an address with a user in it would be logged: put user:password into a file and name that");
                }
                if (scheme.equals("http") && !THIS_MACHINE.matcher(host).matches()) {
                    throw new IllegalArgumentException(
                            "a policy is pulled by https, or whoever stands between can write"
                                    + " it (http is for this machine only: 127.0.0.1, [::1], localhost)");
                }
            }
            default ->
                throw new IllegalArgumentException(
                        "policies are pulled from https://, file:/// and local paths; ssh is not supported");
        }
    }

    /** An address as it may be logged and shown, also one that is refused because a password stands in it. */
    public static String shown(String url) {
        return url.startsWith("/") ? url : url.replaceFirst("(?s)^(\\w+://)?.*@", "$1<secret>@");
    }

    /** For people; holds no secret. */
    public String described() {
        return "branch " + branch + " of " + url + (folder.isEmpty() ? "" : ", folder " + folder);
    }

    String ref() {
        return Constants.R_HEADS + branch;
    }
}
