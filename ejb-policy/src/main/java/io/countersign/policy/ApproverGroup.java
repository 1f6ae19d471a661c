package io.countersign.policy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Who may countersign, by one name of the policy ({@code approvers}), and within which limits.
 *
 * @param groups      members of any of these belong to it
 * @param hours       when its members may vote; always where empty
 * @param mostPending how many requests that one member has approved may still wait for others; no limit where empty
 */
public record ApproverGroup(String name, Set<String> groups, Optional<Hours> hours, OptionalInt mostPending) {

    public ApproverGroup {
        groups = Set.copyOf(groups);
    }

    /** Without limits. */
    public static ApproverGroup of(String name, Set<String> groups) {
        return new ApproverGroup(name, groups, Optional.empty(), OptionalInt.empty());
    }

    public boolean has(Set<String> member) {
        return !Collections.disjoint(groups, member);
    }

    public boolean opensAt(Instant time) {
        return hours.map(each -> each.contain(time)).orElse(true);
    }

    /**
     * Working hours, by the calendar of a time zone.
     *
     * @param from the first moment of a working day
     * @param to   the first moment that is not of it any more, later than {@code from}
     */
    public record Hours(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {

        public Hours {
            days = Set.copyOf(days);
            if (days.isEmpty() || !from.isBefore(to)) {
                throw new IllegalArgumentException("working hours need a day, and an end after their beginning");
            }
        }

        boolean contain(Instant time) {
            ZonedDateTime there = time.atZone(zone);
            LocalTime clock = there.toLocalTime();
            return days.contains(there.getDayOfWeek()) && !clock.isBefore(from) && clock.isBefore(to);
        }

        /** For people: {@code mon, tue 08:00-18:00 Europe/Berlin}. */
        public String described() {
            return new TreeSet<>(days).stream().map(Hours::word).collect(Collectors.joining(", ")) + " " + from + "-"
                    + to + " "
                    + zone;
        }

        /** {@code mon}: as policies write it. */
        public static String word(DayOfWeek day) {
            return day.name().substring(0, 3).toLowerCase(java.util.Locale.ROOT);
        }
    }
}
