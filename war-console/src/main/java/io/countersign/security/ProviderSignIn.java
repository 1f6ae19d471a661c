package io.countersign.security;

import jakarta.security.enterprise.AuthenticationException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Sign-in at an identity provider, by whatever protocol: who is refused, and what fails, is answered the same. The log says why;
 * the browser is told no more than 403 or 503.
 */
abstract class ProviderSignIn {

    private static final System.Logger LOG = System.getLogger(ProviderSignIn.class.getName());

    /** Of what the log repeats of an answer; characters. */
    private static final int LONGEST_REASON = 500;

    /** The protocol's name, for the log. */
    abstract String protocol();

    abstract boolean isConfigured();

    /** Reads the provider's answer, if this is one, or sends the browser to ask. */
    abstract Optional<Arrived> answered(HttpServletRequest request, HttpServletResponse response, Duration oldest)
            throws IOException, SignInRefused;

    /**
     * The person who came back from the provider; empty where the answer is written already: it sends the browser on its
     * way, or says what is wrong.
     *
     * @param oldest how long ago people may have shown who they are without being asked again
     */
    Optional<Arrived> validate(HttpServletRequest request, HttpServletResponse response, Duration oldest)
            throws AuthenticationException {
        try {
            return answeredOrRefused(request, response, oldest);
        } catch (IOException e) {
            throw new AuthenticationException("the answer could not be written", e);
        }
    }

    private Optional<Arrived> answeredOrRefused(
            HttpServletRequest request, HttpServletResponse response, Duration oldest) throws IOException {
        try {
            return answered(request, response, oldest);
        } catch (SignInRefused refused) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A sign-in by {0} was refused. {1}",
                    protocol(),
                    printable(String.valueOf(refused.getMessage())));
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
        } catch (IOException | IllegalStateException e) {
            LOG.log(System.Logger.Level.ERROR, "Nobody can sign in by " + protocol() + ": " + e.getMessage(), e);
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        }
        return Optional.empty();
    }

    /** What strangers send cannot forge a line of the log (CWE-117). */
    private static String printable(String reason) {
        String shown = reason.replaceAll("\\p{Cntrl}", "?");
        return shown.length() <= LONGEST_REASON ? shown : shown.substring(0, LONGEST_REASON) + "…";
    }
}
