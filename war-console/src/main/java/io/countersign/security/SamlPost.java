package io.countersign.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * A SAML provider's answer as a browser posts it (SAML 2.0 Bindings §3.5.4).
 *
 * <p>The browser posts it on behalf of the provider's page, so without the session's cookie, which is SameSite=Lax and stays
 * so: other sites must never post as somebody. But an answer counts only in the browser that asked. So the first post is not
 * read: this console's own page has the browser send it once more, now with its cookie. Nothing is kept meanwhile, and
 * nothing is parsed for browsers that asked for nothing.
 *
 * @param answer {@code SAMLResponse}, in base64
 * @param state  {@code RelayState}
 * @param again  whether this console's page has sent it
 */
record SamlPost(String answer, String state, boolean again) {

    /** Bytes; the answer, its percent encoding, and some. */
    private static final long LARGEST = 2L * SamlAnswers.LONGEST;

    /** Nothing that would be more than text in an attribute of HTML. */
    private static final Pattern ANSWER = Pattern.compile("[A-Za-z0-9+/=\\r\\n]{1," + SamlAnswers.LONGEST + "}");

    private static final Pattern STATE = Pattern.compile("[A-Za-z0-9_-]{1,80}");

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
              <head>
                <meta charset="utf-8"/>
                <title>Signing in · Countersign</title>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <script src="/jakarta.faces.resource/console.js.xhtml?ln=countersign"></script>
                <link rel="stylesheet" href="/jakarta.faces.resource/console.css.xhtml?ln=countersign"/>
              </head>
              <body>
                <main id="main">
                  <section class="card narrow">
                    <h1>Signing in</h1>
                    <form method="post" action="%s" data-send="at-once">
                      <input type="hidden" name="SAMLResponse" value="%s"/>
                      <input type="hidden" name="RelayState" value="%s"/>
                      <input type="hidden" name="again" value="yes"/>
                      <p><button type="submit" class="primary wide">Go on</button></p>
                    </form>
                  </section>
                </main>
              </body>
            </html>
            """;

    /** @throws SignInRefused if it is too large, or not one answer with one state */
    static SamlPost of(HttpServletRequest request) throws SignInRefused {
        long length = request.getContentLengthLong();
        if (length < 0 || length > LARGEST) {
            throw new SignInRefused("The answer has more than " + LARGEST + " bytes, or does not say how many.");
        }
        return new SamlPost(
                single(request, "SAMLResponse", ANSWER),
                single(request, "RelayState", STATE),
                request.getParameter("again") != null);
    }

    private static String single(HttpServletRequest request, String name, Pattern allowed) throws SignInRefused {
        String[] values = request.getParameterValues(name);
        if (values == null || values.length != 1 || !allowed.matcher(values[0]).matches()) {
            throw new SignInRefused("What was posted has not exactly one " + name + " of a provider that was asked.");
        }
        return values[0];
    }

    /** Whether the session's cookie may be missing only because another site's page posts. */
    boolean isFromElsewhere(HttpServletRequest request) {
        return !again && request.getSession(false) == null;
    }

    void sendAgain(HttpServletResponse response) throws IOException {
        SecurityHeaders.set(response);
        response.setHeader("Content-Security-Policy", SecurityHeaders.OWN);
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("text/html");
        response.setCharacterEncoding("UTF-8");
        response.getWriter().write(PAGE.formatted(SamlSettings.ANSWERS, answer, state));
    }

    @Override
    public String toString() {
        return "answer of " + answer.length() + " characters";
    }
}
