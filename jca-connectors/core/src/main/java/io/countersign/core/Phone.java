package io.countersign.core;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;

/** A number that libphonenumber takes for one that exists; of several groups of digits, the longest that is one. */
final class Phone implements Check {

    private final String region;

    /** @param region where numbers without a country code belong (ISO 3166-1), ZZ for nowhere */
    Phone(String region) {
        this.region = region;
    }

    @Override
    public void parts(CharSequence text, int from, int to, Parts parts) {
        for (int end = to; end > from; end--) {
            boolean group = Luhn.digit(text.charAt(end - 1)) && (end == to || !Luhn.digit(text.charAt(end)));
            if (group && exists(text.subSequence(from, end).toString())) {
                parts.add(from, end);
                return;
            }
        }
    }

    private boolean exists(String number) {
        PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
        try {
            return numbers.isValidNumber(numbers.parse(number, region));
        } catch (NumberParseException e) {
            return false;
        }
    }
}
