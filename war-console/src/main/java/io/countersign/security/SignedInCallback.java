package io.countersign.security;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/** Where the OpenID provider sends people back to; by now they are signed in and go on to the page they wanted. */
@WebServlet(OpenIdSettings.CALLBACK)
public class SignedInCallback extends HttpServlet {

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession();
        Object wanted = session.getAttribute(OpenIdSignIn.WANTED);
        session.removeAttribute(OpenIdSignIn.WANTED);
        response.sendRedirect(wanted instanceof String path ? OriginalRequest.checked(path) : OriginalRequest.HOME);
    }
}
