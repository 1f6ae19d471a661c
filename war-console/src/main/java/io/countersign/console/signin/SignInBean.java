package io.countersign.console.signin;

import io.countersign.console.Messages;
import io.countersign.security.ConsoleSignIn;
import io.countersign.security.FileAccountStore;
import io.countersign.security.OpenIdSettings;
import io.countersign.security.OriginalRequest;
import io.countersign.security.SamlSettings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Behind {@code sign-in.xhtml}. */
@Named("signIn")
@RequestScoped
public class SignInBean {

    /** Characters; no honest name or password is longer. */
    private static final int LONGEST = 256;

    @Inject
    private ConsoleSignIn console;

    @Inject
    private OpenIdSettings openId;

    @Inject
    private SamlSettings saml;

    @Inject
    private FileAccountStore accounts;

    private String name = "";
    private String password = "";
    private String to = OriginalRequest.HOME;

    /** Goes on to the page that was wanted; stays, and says so, where name and password do not fit. */
    public void enter() throws IOException {
        FacesContext faces = FacesContext.getCurrentInstance();
        ExternalContext external = faces.getExternalContext();
        Optional<String> refused = console.signIn(
                (HttpServletRequest) external.getRequest(), new UsernamePasswordCredential(name, password));
        password = "";
        if (refused.isEmpty()) {
            external.redirect(OriginalRequest.checked(to));
            return;
        }
        Messages.error(refused.get());
    }

    public void leave() throws IOException, ServletException {
        ExternalContext external = FacesContext.getCurrentInstance().getExternalContext();
        ((HttpServletRequest) external.getRequest()).logout();
        external.redirect("/signed-out");
    }

    /** Whether people sign in elsewhere, so that this page has no form. */
    public boolean isElsewhere() {
        return openId.isConfigured() || saml.isConfigured();
    }

    public boolean isByForm() {
        return !isElsewhere() && accounts.isConfigured();
    }

    public String getName() {
        return name;
    }

    public void setName(@Nullable String name) {
        this.name = name == null ? "" : name.strip();
    }

    /** Never shown again. */
    public String getPassword() {
        return "";
    }

    public void setPassword(@Nullable String password) {
        this.password = password == null ? "" : password;
    }

    public String getTo() {
        return to;
    }

    public void setTo(@Nullable String to) {
        this.to = OriginalRequest.checked(to == null ? OriginalRequest.HOME : to);
    }

    public int getLongest() {
        return LONGEST;
    }
}
