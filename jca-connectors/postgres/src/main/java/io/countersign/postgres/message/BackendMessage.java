package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;

/** What a server says. */
public sealed interface BackendMessage
        permits Authentication,
                BackendKeyData,
                CommandComplete,
                CopyResponse,
                DataRow,
                FunctionCallResponse,
                NegotiateProtocolVersion,
                NotificationResponse,
                Opaque,
                ParameterDescription,
                ParameterStatus,
                ReadyForQuery,
                Report,
                RowDescription,
                Signal {

    /**
     * Reads one message.
     *
     * @param in exactly its body
     * @throws Malformed where the type is not known or the body is not what the type says
     */
    static BackendMessage decode(byte type, ByteBuf in) {
        return switch (type) {
            case Authentication.TYPE -> Authentication.decode(in);
            case BackendKeyData.TYPE -> BackendKeyData.decode(in);
            case CommandComplete.TYPE -> CommandComplete.decode(in);
            case CopyResponse.IN, CopyResponse.OUT, CopyResponse.BOTH -> CopyResponse.decode(type, in);
            case DataRow.TYPE -> DataRow.decode(in);
            case FunctionCallResponse.TYPE -> FunctionCallResponse.decode(in);
            case NegotiateProtocolVersion.TYPE -> NegotiateProtocolVersion.decode(in);
            case NotificationResponse.TYPE -> NotificationResponse.decode(in);
            case ParameterDescription.TYPE -> ParameterDescription.decode(in);
            case ParameterStatus.TYPE -> ParameterStatus.decode(in);
            case ReadyForQuery.TYPE -> ReadyForQuery.decode(in);
            case Report.ERROR, Report.NOTICE -> Report.decode(type, in);
            case RowDescription.TYPE -> RowDescription.decode(in);
            case '1', '2', '3', 'I', 'n', 's', 'c' -> Signal.backend(type, in);
            case Opaque.COPY_DATA -> Opaque.decode(type, in);
            default -> throw Malformed.violation("message type " + type + " is unknown");
        };
    }

    /** Appends the message, type and length in front. */
    void encode(ByteBuf out);
}
