package io.countersign.console;

import jakarta.faces.application.FacesMessage;
import jakarta.faces.context.FacesContext;
import java.io.IOException;
import java.util.List;

/** What a page says of what somebody has just done there. */
public final class Messages {

    private Messages() {}

    /** It is done. */
    public static void info(String words) {
        tell(FacesMessage.SEVERITY_INFO, words);
    }

    /** It could not be done so: something is missing, wrong, or over. */
    public static void warn(String words) {
        tell(FacesMessage.SEVERITY_WARN, words);
    }

    /** Whoever asked may not. */
    public static void error(String words) {
        tell(FacesMessage.SEVERITY_ERROR, words);
    }

    /** The same for each of several reasons. */
    public static void errors(List<String> reasons) {
        reasons.forEach(Messages::error);
    }

    /**
     * Has a page asked for anew that shows what was said, so that reloading it does nothing a second time.
     *
     * @param page its path below the console's address, from its slash on
     */
    public static void showOn(String page) throws IOException {
        FacesContext faces = FacesContext.getCurrentInstance();
        faces.getExternalContext().getFlash().setKeepMessages(true);
        faces.getExternalContext().redirect(page);
    }

    private static void tell(FacesMessage.Severity severity, String words) {
        FacesContext.getCurrentInstance().addMessage(null, new FacesMessage(severity, words, null));
    }
}
