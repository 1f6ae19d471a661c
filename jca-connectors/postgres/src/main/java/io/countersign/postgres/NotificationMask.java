package io.countersign.postgres;

import io.countersign.core.Masker;
import io.countersign.postgres.message.NotificationResponse;

/**
 * Hides what notifications carry (54.8 NotificationResponse): under masks of columns all of it, for nobody can say which
 * values a trigger has put into it; else what detectors find.
 */
final class NotificationMask {

    private NotificationMask() {}

    static NotificationResponse hide(NotificationResponse notification, AnswerMask mask) {
        String payload = notification.payload();
        String shown = payload.isEmpty() || !mask.masker().refusesElsewhere()
                ? mask.masker().hideDetected(payload)
                : Masker.REDACTED;
        return payload.equals(shown)
                ? notification
                : new NotificationResponse(
                        notification.processId(), notification.channel(), shown == null ? Masker.REDACTED : shown);
    }
}
