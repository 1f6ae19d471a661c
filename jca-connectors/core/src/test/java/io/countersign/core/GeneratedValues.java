package io.countersign.core;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/** Values as people and programs write them, made up from a seed: by the definitions, not by the detectors' own rules. */
final class GeneratedValues {

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String ALPHANUMERIC = LETTERS + LETTERS.toLowerCase(Locale.ROOT) + "0123456789";
    private static final List<String> WORDS = List.of(
            ("ship lamp desk order late customer asked delivery invoice paid twice nobody home Tuesday warehouse Hamburg "
                            + "colour blue please call back about the return of two chairs and one table thanks")
                    .split(" "));

    private final Random random;

    GeneratedValues(long seed) {
        this.random = new Random(seed);
    }

    /** Luhn's digit is worked out from the definition: double every second digit from the right, add the digits up. */
    String card() {
        String prefix = pick("4", "4", "51", "55", "2221", "34", "37", "6011", "3528");
        int length = prefix.startsWith("3") && prefix.length() == 2 ? 15 : 16;
        String body = prefix + digits(length - 1 - prefix.length());
        int sum = 0;
        for (int i = 0; i < body.length(); i++) {
            int digit = body.charAt(body.length() - 1 - i) - '0';
            sum += i % 2 == 1 ? digit : digit * 2 / 10 + digit * 2 % 10;
        }
        String number = body + (10 - sum % 10) % 10;
        String separator = pick("", " ", "-");
        return length == 15
                ? String.join(separator, number.substring(0, 4), number.substring(4, 10), number.substring(10))
                : String.join(separator, number.split("(?<=\\G.{4})"));
    }

    String address() {
        String local = pick(word(), word() + "." + word(), word() + "+" + word(), letters(1) + "_" + word(), digits(4));
        return local + "@"
                + pick(
                        word() + ".example",
                        word() + "-" + word() + ".example.co.uk",
                        "mail.bücher.example",
                        "localhost");
    }

    String iban() {
        String country = pick("DE", "GB", "FR", "NL", "NO", "ES", "PL");
        String account = switch (country) {
            case "DE" -> digits(18);
            case "GB" -> letters(4) + digits(14);
            case "FR" -> digits(10) + letters(1) + digits(12);
            case "NL" -> letters(4) + digits(10);
            case "NO" -> digits(11);
            case "ES" -> digits(20);
            default -> digits(24);
        };
        StringBuilder number = new StringBuilder();
        (account + country + "00").chars().forEach(c -> number.append(Character.digit(c, 36)));
        int check = 98
                - new BigInteger(number.toString()).mod(BigInteger.valueOf(97)).intValue();
        String iban = country + (check < 10 ? "0" : "") + check + account;
        return random.nextBoolean() ? iban : String.join(" ", iban.split("(?<=\\G.{4})"));
    }

    /** Of any country, or of North America in its national form. */
    String phone() {
        PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
        return random.nextInt(4) == 0
                ? numbers.format(example("US"), PhoneNumberFormat.NATIONAL)
                : numbers.format(
                        anywhere(), random.nextBoolean() ? PhoneNumberFormat.E164 : PhoneNumberFormat.INTERNATIONAL);
    }

    /** As dialled at home, outside North America. */
    String nationalPhone() {
        PhoneNumber number = anywhere();
        while (number.getCountryCode() == 1) {
            number = anywhere();
        }
        return PhoneNumberUtil.getInstance().format(number, PhoneNumberFormat.NATIONAL);
    }

    private PhoneNumber anywhere() {
        List<String> regions = new ArrayList<>(PhoneNumberUtil.getInstance().getSupportedRegions());
        return example(regions.get(random.nextInt(regions.size())));
    }

    private PhoneNumber example(String region) {
        PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
        PhoneNumber number = numbers.getExampleNumberForType(
                region, random.nextBoolean() ? PhoneNumberType.MOBILE : PhoneNumberType.FIXED_LINE);
        if (number == null) {
            return numbers.getExampleNumber("US");
        }
        PhoneNumber other = new PhoneNumber().mergeFrom(number);
        other.setNationalNumber(number.getNationalNumber() / 1000 * 1000 + random.nextInt(1000));
        return numbers.isValidNumber(other) ? other : number;
    }

    String nationalId() {
        return switch (random.nextInt(5)) {
            case 0 -> 100 + random.nextInt(560) + "-" + (10 + random.nextInt(90)) + "-" + (1000 + random.nextInt(9000));
            case 1 -> "AB" + digits(6) + pick("A", "B", "C", "D");
            case 2 -> {
                int number = 10_000_000 + random.nextInt(90_000_000);
                yield number + "" + "TRWAGMYFPDXBNJZSQVHLCKE".charAt(number % 23);
            }
            case 3 -> {
                long number =
                        Long.parseLong(pick("1", "2") + digits(2) + "0" + (1 + random.nextInt(9)) + "75" + digits(6));
                yield number + "%02d".formatted(97 - number % 97);
            }
            default ->
                "RSSMRA" + digits(2) + pick("A", "B", "T") + "1" + random.nextInt(10) + letters(1) + digits(3)
                        + letters(1);
        };
    }

    String ip() throws UnknownHostException {
        byte[] address = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(address);
        if (address.length == 4) {
            return InetAddress.getByAddress(address).getHostAddress();
        }
        for (int i = 4; i < 4 + random.nextInt(6); i++) {
            address[i] = 0;
        }
        String text = InetAddress.getByAddress(address).getHostAddress();
        return random.nextBoolean() ? text : text.replaceFirst("(?::0)+:", "::");
    }

    String jwt() {
        return base64("{\"alg\":\"" + pick("RS256", "ES256") + "\",\"kid\":\"" + word() + "\"}") + "."
                + base64("{\"sub\":\"" + word() + "\",\"exp\":" + digits(10) + "}") + "." + alphanumeric(86);
    }

    String key() {
        return pick(
                "AKIA" + pick("Q", "Z")
                        + alphanumeric(40)
                                .toUpperCase(Locale.ROOT)
                                .replaceAll("[0189]", "7")
                                .substring(0, 15),
                pick("ghp_", "gho_", "ghs_") + alphanumeric(36),
                "glpat-" + alphanumeric(20),
                "xoxb-" + digits(12) + "-" + alphanumeric(24),
                "AIza" + alphanumeric(35),
                pick("sk_live_", "rk_test_") + alphanumeric(24),
                "npm_" + alphanumeric(36));
    }

    String pem() {
        String label = pick("PRIVATE KEY", "RSA PRIVATE KEY", "CERTIFICATE");
        return "-----BEGIN " + label + "-----\n" + alphanumeric(64) + "\n" + alphanumeric(30) + "==\n-----END " + label
                + "-----";
    }

    /** What is none of these, though much of it looks like one of them. */
    String nothing() {
        String wrong = card();
        return switch (random.nextInt(20)) {
            case 0 -> digits(13 + random.nextInt(7));
            case 1 -> wrong.substring(0, wrong.length() - 1) + (wrong.charAt(wrong.length() - 1) - '0' + 1) % 10;
            case 2 -> new UUID(random.nextLong(), random.nextLong()).toString();
            case 3 ->
                "2024-0" + (1 + random.nextInt(9)) + "-1" + random.nextInt(10) + "T10:1" + random.nextInt(10) + ":12Z";
            case 4 -> pick("1", "12") + "." + random.nextInt(10) + "." + random.nextInt(40);
            case 5 -> letters(2) + digits(2) + "-" + digits(6);
            case 6 -> "@" + word() + " at " + digits(2) + " @ " + digits(3);
            case 7 -> new BigInteger(160, random).toString(16);
            case 8 -> digits(3) + "-" + digits(3) + "-" + digits(2);
            case 9 -> alphanumeric(40 + random.nextInt(40));
            case 10 -> "978-3-16-" + digits(6) + "-" + digits(1);
            case 11 -> letters(2) + digits(2) + letters(4) + digits(14);
            case 12 -> "0" + digits(3) + " " + digits(6);
            case 13 -> "00:1a:2b:" + digits(2) + ":3c:4d";
            case 14 -> digits(2) + "." + digits(6) + "," + digits(1) + "." + digits(6);
            case 15 -> "https://shop.example/orders/" + digits(9) + "?ref=" + alphanumeric(12);
            case 16 -> "std::vector<" + word() + ">::size " + word() + "::date";
            case 17 -> "{\"id\": " + digits(11) + ", \"sum\": " + digits(3) + "." + digits(2) + "}";
            case 18 -> "eyes " + letters(1) + digits(8) + " sk_" + word() + " xoxo " + letters(16);
            default -> word() + " " + word();
        };
    }

    String word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    private String base64(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private String digits(int count) {
        return some("0123456789", count);
    }

    private String letters(int count) {
        return some(LETTERS, count);
    }

    private String alphanumeric(int count) {
        return some(ALPHANUMERIC, count);
    }

    private String some(String of, int count) {
        StringBuilder text = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            text.append(of.charAt(random.nextInt(of.length())));
        }
        return text.toString();
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
