package io.countersign.policy;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads stages that an automatic approver answers: which, where it is asked, and how long its answer is waited for. */
final class AutomaticReader {

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);
    private static final int LONGEST_ADDRESS = 1_000;
    private static final int LONGEST_NAME = 100;
    private static final Pattern THIS_MACHINE = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    private final Values values;
    private final Map<String, URI> addresses = new HashMap<>();

    AutomaticReader(Values values) {
        this.values = values;
    }

    /** @param stage the mapping that has {@code automatic} */
    Optional<Stage> stage(Yaml.Fields stage) {
        if (stage.has("approvers") || stage.has("quorum")) {
            stage.problem("a stage has 'approvers' or is 'automatic', not both: write two stages");
        }
        return stage.map("automatic").flatMap(this::automatic);
    }

    private Optional<Stage> automatic(Yaml.Fields fields) {
        fields.only("name", "opa", "timeout");
        Optional<String> name = fields.required("name")
                .flatMap(text -> text.as(value -> {
                    if (value.length() > LONGEST_NAME) {
                        throw new IllegalArgumentException(
                                "the name of an automatic approver has at most " + LONGEST_NAME + " characters");
                    }
                    return value;
                }));
        Optional<URI> opa = fields.required("opa").flatMap(text -> text.as(this::address));
        Duration timeout = Values.duration(fields, "timeout", Duration.ofSeconds(2), LONGEST_ANSWER);
        if (timeout.isZero()) {
            fields.problem("'timeout' must be longer than nothing");
        }
        if (name.isEmpty() || opa.isEmpty() || timeout.isZero()) {
            return Optional.empty();
        }
        URI elsewhere = addresses.putIfAbsent(name.get(), opa.get());
        if (elsewhere != null && !elsewhere.equals(opa.get())) {
            fields.problem("the automatic approver " + name.get() + " is asked at " + elsewhere + " elsewhere");
        }
        return Optional.of(new Stage.Automatic(name.get(), opa.get(), timeout));
    }

    private URI address(String text) {
        String address = values.resolve(text);
        if (address.contains(Values.UNKNOWN)) {
            return URI.create("https://unknown.invalid/");
        }
        URI read = URI.create(address);
        String host = read.getHost();
        boolean http = "http".equals(read.getScheme());
        if (host == null
                || !http && !"https".equals(read.getScheme())
                || read.getRawUserInfo() != null
                || read.getRawQuery() != null
                || read.getRawFragment() != null
                || address.length() > LONGEST_ADDRESS) {
            throw new IllegalArgumentException(
                    "'opa' must be an address such as https://opa.example.com/v1/data/countersign/approve");
        }
        if (http && !THIS_MACHINE.matcher(host).matches()) {
            throw new IllegalArgumentException("an automatic approver is asked by https, or whoever stands between can"
                    + " approve in its name (http is for this machine only: 127.0.0.1, [::1], localhost)");
        }
        return read;
    }
}
