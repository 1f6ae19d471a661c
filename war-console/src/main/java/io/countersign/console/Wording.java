package io.countersign.console;

import io.countersign.api.Identity;
import io.countersign.approval.State;
import io.countersign.console.sql.Hidden;
import io.countersign.policy.Decision;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.faces.application.FacesMessage;
import jakarta.inject.Named;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the pages say things: times, durations, states, names. Pure functions, called from pages by expressions. */
@ApplicationScoped
@Named("say")
public class Wording {

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** Characters of a statement that a list shows. */
    private static final int GLIMPSE = 240;

    private static final int BRIEF = 12;

    /** Where no script runs, or before it does: {@code 2026-11-20 21:40:03 UTC}. */
    public String moment(Instant instant) {
        return MOMENT.format(instant);
    }

    /** For {@code <time datetime>}, to the second. */
    public String machine(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** {@code 0.8 ms}, {@code 240 ms}, {@code 3.2 s}, {@code 4 min 5 s}, {@code 2 h 3 min}. */
    public String duration(Duration duration) {
        double milliseconds = duration.toNanos() / 1e6;
        if (milliseconds < 10) {
            return String.format(Locale.ROOT, "%.1f ms", milliseconds);
        }
        if (milliseconds < 1_000) {
            return Math.round(milliseconds) + " ms";
        }
        if (milliseconds < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", milliseconds / 1_000);
        }
        return duration.toHours() > 0
                ? duration.toHours() + " h " + duration.toMinutesPart() + " min"
                : duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }

    /** {@code PENDING} is said {@code waiting}: the requester's word for it. */
    public String state(State state) {
        return state == State.PENDING ? "waiting" : word(state);
    }

    /** What a ruling has done to a command. */
    public String ruling(Decision.Ruling ruling) {
        return switch (ruling) {
            case PERMIT -> "permitted";
            case HOLD -> "held";
            case REFUSE -> "refused";
        };
    }

    /** An enumeration's word in lower case; also a CSS class. */
    public String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A statement on one line, cut where it is long; line ends stay visible, as they end comments. */
    public String glimpse(String statement) {
        String line = visible(statement.strip().replaceAll("\\h*\\R\\s*", " ⏎ ").replaceAll("\\h+", " "));
        return line.codePointCount(0, line.length()) <= GLIMPSE
                ? line
                : line.substring(0, line.offsetByCodePoints(0, GLIMPSE)) + "…";
    }

    /** {@code info}, {@code warn} or {@code error}: the CSS class of a message. */
    public String severity(FacesMessage message) {
        int severity = message.getSeverity().compareTo(FacesMessage.SEVERITY_WARN);
        return severity < 0 ? "info" : severity == 0 ? "warn" : "error";
    }

    /** Text from outside, with what nobody can see shown by its code point. */
    public String visible(String text) {
        return Hidden.shown(text);
    }

    public String joined(List<String> words) {
        return String.join(", ", words);
    }

    /** {@code alice → deploy-bot}. */
    public String chain(List<Identity> chain) {
        return chain.stream().map(Identity::name).collect(Collectors.joining(" → "));
    }

    /** {@code 1 row}, {@code 2 rows}. */
    public String count(long number, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : many);
    }

    /** The first characters of a digest, enough to tell it from others at a glance. */
    public String brief(String digest) {
        return digest.length() <= BRIEF ? digest : digest.substring(0, BRIEF);
    }

    /** The last characters of a session's id: the first are the time (UUID version 7) and look alike. */
    public String tail(String id) {
        return id.length() <= BRIEF ? id : id.substring(id.length() - BRIEF);
    }

    public String between(Instant from, Instant to) {
        return duration(Duration.between(from, to));
    }
}
