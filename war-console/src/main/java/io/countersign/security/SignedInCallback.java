package io.countersign.security;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/** Where the identity provider sends people back to; by now they are signed in and go on to the page they wanted. */
@WebServlet(OpenIdSettings.CALLBACK)
public class SignedInCallback extends HttpServlet {

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession();
        Object wanted = session.getAttribute(Arrived.WANTED);
        session.removeAttribute(Arrived.WANTED);
        response.sendRedirect(wanted instanceof String path ? OriginalRequest.checked(path) : OriginalRequest.HOME);
    }

    /** As SAML does; the page itself is then asked for by GET, as browsers do upon 302 (RFC 9110 §15.4.3). */
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        doGet(request, response);
    }
}
