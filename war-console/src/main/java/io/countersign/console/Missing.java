package io.countersign.console;

import jakarta.faces.context.FacesContext;
import java.io.IOException;

/** Answers with an error page in a page's stead. */
public final class Missing {

    private Missing() {}

    /**
     * Ends the request with that page.
     *
     * @param status 404 where there is no such thing, 403 where it is somebody else's
     */
    public static void answer(int status) throws IOException {
        FacesContext faces = FacesContext.getCurrentInstance();
        faces.getExternalContext().responseSendError(status, "");
        faces.responseComplete();
    }
}
