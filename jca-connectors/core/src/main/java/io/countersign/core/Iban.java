package io.countersign.core;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** ISO 13616: of the country's length, and 1 modulo 97 with the first four characters last (ISO/IEC 7064, MOD 97-10). */
final class Iban implements Check {

    private final Map<String, Integer> lengths = new HashMap<>();

    /** @param countries a code and the number's length each: {@code DE22} */
    Iban(List<String> countries) {
        countries.forEach(each -> lengths.put(each.substring(0, 2), Integer.parseInt(each.substring(2))));
    }

    @Override
    public void parts(CharSequence text, int from, int to, Parts parts) {
        int at = from;
        while (at < to) {
            int end = end(text, at, to);
            if (end > 0) {
                parts.add(at, end);
                at = end;
            }
            while (at < to && text.charAt(at) != ' ') {
                at++;
            }
            at++;
        }
    }

    private int end(CharSequence text, int start, int to) {
        if (start + 4 > to) {
            return -1;
        }
        int length = lengths.getOrDefault(text.subSequence(start, start + 2).toString(), 0);
        StringBuilder number = new StringBuilder(length);
        int at = start;
        while (number.length() < length && at < to) {
            char c = text.charAt(at++);
            if (c != ' ') {
                number.append(c);
            }
        }
        boolean whole = length > 0 && number.length() == length && (at == to || text.charAt(at) == ' ');
        return whole && remainder(number.substring(4) + number.substring(0, 4)) == 1 ? at : -1;
    }

    private static int remainder(String number) {
        int remainder = 0;
        for (int i = 0; i < number.length(); i++) {
            int value = Character.digit(number.charAt(i), 36);
            remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97;
        }
        return remainder;
    }
}
