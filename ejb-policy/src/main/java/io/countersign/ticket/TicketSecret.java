package io.countersign.ticket;

import io.countersign.api.Digest;
import io.countersign.api.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a client gives as password in place of a token: {@value #PREFIX}, by which scanners know such a secret where it should not
 * be, then in base64url (RFC 4648 §5) the ticket's number and 256 random bits; {@value #LENGTH} characters in all.
 *
 * @param ticket the number by which it is looked up
 * @param random 43 characters: the secret itself
 */
public record TicketSecret(long ticket, Secret random) {

    public static final String PREFIX = "cst_";

    /** Clients that cut long passwords, cut none of this. */
    public static final int LENGTH = 55;

    private static final int NUMBER_BYTES = 6;
    private static final int NUMBER_LENGTH = 8;
    private static final int RANDOM_BYTES = 32;
    private static final long MOST = 1L << 8 * NUMBER_BYTES;

    private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{" + (LENGTH - PREFIX.length()) + "}");

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    public TicketSecret {
        if (ticket < 1 || ticket >= MOST) {
            throw new IllegalArgumentException("no ticket has the number " + ticket);
        }
    }

    /** What nobody else has: the random part of a ticket to come. */
    public static Secret draw() {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return Secret.of(TEXT.encodeToString(bytes));
    }

    /** Whether a password is meant to be a ticket, well formed or not; no token starts like that (RFC 7515 §7.1). */
    public static boolean isMeant(Secret password) {
        return password.reveal().startsWith(PREFIX);
    }

    /** Empty where it is not whole. */
    public static Optional<TicketSecret> parse(Secret password) {
        String text = password.reveal();
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        int random = PREFIX.length() + NUMBER_LENGTH;
        byte[] number = Base64.getUrlDecoder().decode(text.substring(PREFIX.length(), random));
        long ticket = ByteBuffer.allocate(Long.BYTES)
                .position(Long.BYTES - NUMBER_BYTES)
                .put(number)
                .getLong(0);
        return ticket == 0
                ? Optional.empty()
                : Optional.of(new TicketSecret(ticket, Secret.of(text.substring(random))));
    }

    /** As the client gives it. */
    public Secret written() {
        byte[] number = ByteBuffer.allocate(Long.BYTES).putLong(ticket).array();
        return Secret.of(PREFIX
                + TEXT.encodeToString(Arrays.copyOfRange(number, Long.BYTES - NUMBER_BYTES, Long.BYTES))
                + random.reveal());
    }

    /** What is kept of the random part. Equal digests are found equal in constant time. */
    public static Digest hash(Secret random) {
        return Digest.of(random.reveal().getBytes(StandardCharsets.US_ASCII));
    }
}
