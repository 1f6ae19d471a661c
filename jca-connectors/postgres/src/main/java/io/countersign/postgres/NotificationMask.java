package io.countersign.postgres;

import io.countersign.core.Masker;
import io.countersign.postgres.message.Malformed;
import io.countersign.postgres.message.Opaque;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Hides what notifications carry (54.8 NotificationResponse): under masks of columns all of it, for nobody can say which
 * values a trigger has put into it; else what detectors find.
 */
final class NotificationMask {

    /** The process id of who notifies. */
    private static final int SENDER = 4;

    private NotificationMask() {}

    static Opaque hide(Opaque notification, AnswerMask mask) {
        byte[] body = notification.body();
        int channel = SENDER;
        while (channel < body.length && body[channel] != 0) {
            channel++;
        }
        int end = body.length - 1;
        if (channel >= end || body[end] != 0) {
            throw new Malformed(Malformed.PROTOCOL_VIOLATION, "a notification that does not end");
        }
        String payload = new String(body, channel + 1, end - channel - 1, StandardCharsets.UTF_8);
        String shown = payload.isEmpty() || !mask.masker().refusesElsewhere()
                ? mask.masker().hideDetected(payload)
                : Masker.REDACTED;
        if (payload.equals(shown)) {
            return notification;
        }
        byte[] text = (shown == null ? Masker.REDACTED : shown).getBytes(StandardCharsets.UTF_8);
        byte[] hidden = Arrays.copyOf(body, channel + 1 + text.length + 1);
        System.arraycopy(text, 0, hidden, channel + 1, text.length);
        hidden[hidden.length - 1] = 0;
        return new Opaque(Opaque.NOTIFICATION, hidden);
    }
}
