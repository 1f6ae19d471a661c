package io.countersign.core;

import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Looks closer at a stretch of text that a form's pattern points at, and tells what in it has the form. Reads each character
 * only a bounded number of times.
 */
interface Check {

    /** Takes what has the form, in order and without overlaps; from inclusive to exclusive. */
    interface Parts {
        void add(int from, int to);
    }

    void parts(CharSequence text, int from, int to, Parts parts);

    /** The whole stretch has the form. */
    Check WHOLE = (text, from, to, parts) -> parts.add(from, to);

    /** A check by its name, with its data after it. */
    static Check named(String words) {
        List<String> all = List.of(words.split(" +"));
        List<String> data = all.subList(1, all.size());
        return switch (all.getFirst()) {
            case "luhn" -> new Luhn(Integer.parseInt(data.get(0)), Integer.parseInt(data.get(1)));
            case "address" -> Addresses::parts;
            case "iban" -> new Iban(data);
            case "phone" -> new Phone(data.getFirst());
            case "remainder" -> new Remainder(data.getFirst());
            case "complement" -> new Complement(Integer.parseInt(data.getFirst()));
            case "ipv6" -> Check::ipv6;
            case "jose" -> Check::jose;
            case "pem" -> Check::pem;
            default -> throw new IllegalArgumentException("there is no check named " + all.getFirst());
        };
    }

    /** Digits whose remainder chooses the letter at their end; X, Y or Z in front stand for 0, 1 and 2. */
    record Remainder(String letters) implements Check {

        @Override
        public void parts(CharSequence text, int from, int to, Parts parts) {
            int number = "XYZ".indexOf(text.charAt(from));
            number = Math.max(number, 0);
            for (int i = from; i < to - 1; i++) {
                if (Luhn.digit(text.charAt(i))) {
                    number = number * 10 + text.charAt(i) - '0';
                }
            }
            if (letters.charAt(number % letters.length()) == text.charAt(to - 1)) {
                parts.add(from, to);
            }
        }
    }

    /** The last two digits complement those before to a multiple of the modulus; 2A and 2B stand for 19 and 18. */
    record Complement(int modulus) implements Check {

        @Override
        public void parts(CharSequence text, int from, int to, Parts parts) {
            String digits = text.subSequence(from, to)
                    .toString()
                    .replace(" ", "")
                    .replace("2A", "19")
                    .replace("2B", "18");
            long number = Long.parseLong(digits.substring(0, digits.length() - 2));
            if (modulus - number % modulus == Long.parseLong(digits.substring(digits.length() - 2))) {
                parts.add(from, to);
            }
        }
    }

    /** An address that names a digit at least: {@code ::} and {@code a::b} stand in programs more often than for addresses. */
    private static void ipv6(CharSequence text, int from, int to, Parts parts) {
        String stretch = text.subSequence(from, to).toString();
        String address =
                stretch.endsWith(":") && !stretch.endsWith("::") ? stretch.substring(0, stretch.length() - 1) : stretch;
        if (address.chars().anyMatch(Character::isDigit) && NetUtil.isValidIpV6Address(address)) {
            parts.add(from, from + address.length());
        }
    }

    /** RFC 7515 §4.1.1, RFC 7516 §4.1.1: the header is JSON that names an algorithm. */
    private static void jose(CharSequence text, int from, int to, Parts parts) {
        String token = text.subSequence(from, to).toString();
        String header = token.substring(0, token.indexOf('.'));
        try {
            String json = new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8);
            if (json.contains("\"alg\"")) {
                parts.add(from, to);
            }
        } catch (IllegalArgumentException notBase64) {
            // No token, then: nothing here is found.
            return;
        }
    }

    /** RFC 7468 §2: up to the end that bears the same label, or the end of all. */
    private static void pem(CharSequence text, int from, int to, Parts parts) {
        String end = text.subSequence(from, to).toString().replace("-----BEGIN ", "-----END ");
        int at = indexOf(text, end, to);
        parts.add(from, at < 0 ? text.length() : at + end.length());
    }

    private static int indexOf(CharSequence text, String part, int from) {
        int matched = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            // A line of dashes may be longer than five: it still ends in five.
            matched = c == part.charAt(matched) ? matched + 1 : c == '-' ? Math.min(matched + 1, 5) : 0;
            if (matched == part.length()) {
                return i + 1 - matched;
            }
        }
        return -1;
    }
}
