package io.countersign.security;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Describes this gateway to its SAML provider (SAML 2.0 Metadata §4.1): open to everybody, it tells no secret. */
@WebServlet(SamlSettings.METADATA)
public class SamlMetadata extends HttpServlet {

    private static final System.Logger LOG = System.getLogger(SamlMetadata.class.getName());

    @Inject
    private transient SamlSettings settings;

    @Inject
    private transient SamlProvider provider;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!settings.isConfigured()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        try {
            String metadata = provider.metadata();
            response.setContentType("application/samlmetadata+xml");
            response.setCharacterEncoding("UTF-8");
            response.getWriter().write(metadata);
        } catch (IOException | IllegalStateException e) {
            LOG.log(System.Logger.Level.ERROR, "The gateway cannot describe itself by SAML: " + e.getMessage(), e);
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        }
    }
}
