package io.countersign.console;

import jakarta.faces.context.FacesContext;

/**
 * What the address of a page asks for. Read once, when the page is opened: later posts of the same page do not repeat its
 * address's parameters, and view parameters would then put nothing in their place.
 */
public final class Asked {

    private Asked() {}

    public static String text(String parameter, String otherwise) {
        String value = FacesContext.getCurrentInstance()
                .getExternalContext()
                .getRequestParameterMap()
                .get(parameter);
        return value == null ? otherwise : value;
    }

    /** A whole number that is not negative; {@code otherwise} where the address has none. */
    public static long number(String parameter, long otherwise) {
        String text = text(parameter, "");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : otherwise;
    }
}
