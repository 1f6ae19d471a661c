package io.countersign.console;

import io.countersign.security.Caller;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Sends people from the bare address to what is most likely their business, and from {@code /requests/7} to its page. */
@WebServlet({"", "/requests/*"})
public class HomeServlet extends HttpServlet {

    @Inject
    private Caller caller;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo();
        if (path != null && path.matches("/\\d{1,18}")) {
            response.sendRedirect("/request?id=" + path.substring(1));
        } else if (path == null || "/".equals(path)) {
            response.sendRedirect(home());
        } else {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    private String home() {
        if (caller.isApprover()) {
            return "/queue";
        }
        return caller.isReadingAll() ? "/sessions" : "/mine";
    }
}
