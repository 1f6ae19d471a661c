package io.countersign.security;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Where somebody wanted to go before they were asked to sign in. */
public final class OriginalRequest {

    /** Where people go who wanted nothing in particular. */
    public static final String HOME = "/";

    /** The query parameter of the sign-in page that carries it. */
    public static final String PARAMETER = "to";

    /** A path of this console, nothing that a browser takes for another host or scheme (CWE-601). */
    private static final Pattern OWN_PATH = Pattern.compile("/(?:[A-Za-z0-9_.~%=&?-][A-Za-z0-9_.~%=&?/-]{0,500})?");

    private OriginalRequest() {}

    /** The address without the host; home where repeating the request would not be a plain read of a page. */
    static String of(HttpServletRequest request) {
        if (!"GET".equals(request.getMethod())) {
            return HOME;
        }
        String query = request.getQueryString();
        return checked(request.getRequestURI() + (query == null ? "" : "?" + query));
    }

    /** What came back from the browser, if it is a path of this console, else home. */
    public static String checked(String path) {
        return OWN_PATH.matcher(path).matches() ? path : HOME;
    }

    static String signInPage(String original) {
        return HOME.equals(original)
                ? "/sign-in"
                : "/sign-in?" + PARAMETER + "=" + URLEncoder.encode(original, StandardCharsets.UTF_8);
    }
}
