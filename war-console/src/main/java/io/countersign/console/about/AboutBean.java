package io.countersign.console.about;

import io.countersign.gateway.boundary.Fact;
import io.countersign.gateway.boundary.Status;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** Behind {@code about.xhtml}: health and numbers. */
@Named("about")
@RequestScoped
public class AboutBean {

    @Inject
    private Status status;

    private List<Fact> facts = List.of();
    private SortedMap<String, Double> numbers = new TreeMap<>();

    public void load() {
        facts = status.facts();
        numbers = status.numbers();
    }

    public boolean isReady() {
        return facts.stream().allMatch(Fact::good);
    }

    public List<Fact> getFacts() {
        return facts;
    }

    public List<Figure> getNumbers() {
        return numbers.entrySet().stream()
                .map(number -> new Figure(number.getKey(), figure(number.getValue())))
                .toList();
    }

    static String figure(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,d", (long) value)
                : String.format(Locale.ROOT, "%.4g", value);
    }

    /** A metric and its value, as the page shows it. */
    public record Figure(String name, String value) {}
}
