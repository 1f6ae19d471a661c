package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;

/**
 * NotificationResponse (B): somebody has notified a channel that the session listens to.
 *
 * @param processId of the server process behind whoever did
 */
public record NotificationResponse(int processId, String channel, String payload) implements BackendMessage {

    public static final byte TYPE = 'A';

    static NotificationResponse decode(ByteBuf in) {
        NotificationResponse message = new NotificationResponse(
                Wire.int32(in, "NotificationResponse"),
                Wire.string(in, "NotificationResponse channel"),
                Wire.string(in, "NotificationResponse payload"));
        Wire.end(in, "NotificationResponse");
        return message;
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> {
            to.writeInt(processId);
            Wire.put(to, channel);
            Wire.put(to, payload);
        });
    }
}
