package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;

/** What a client says once the connection has started. */
public sealed interface FrontendMessage
        permits Bind,
                Close,
                CopyFail,
                Describe,
                Execute,
                FunctionCall,
                GssResponse,
                Opaque,
                Parse,
                PasswordMessage,
                Query,
                SaslInitialResponse,
                SaslResponse,
                Signal {

    /**
     * Reads one message. Of those that answer an Authentication message and share a type, it is taken for a
     * PasswordMessage; who asked for another one reads that.
     *
     * @param in exactly its body
     * @throws Malformed where the type is not known or the body is not what the type says
     */
    static FrontendMessage decode(byte type, ByteBuf in) {
        return switch (type) {
            case Query.TYPE -> Query.decode(in);
            case Parse.TYPE -> Parse.decode(in);
            case Bind.TYPE -> Bind.decode(in);
            case Describe.TYPE -> Describe.decode(in);
            case Execute.TYPE -> Execute.decode(in);
            case Close.TYPE -> Close.decode(in);
            case CopyFail.TYPE -> CopyFail.decode(in);
            case PasswordMessage.TYPE -> PasswordMessage.decode(in);
            case 'H', 'S', 'X', 'c' -> Signal.frontend(type, in);
            case FunctionCall.TYPE -> FunctionCall.decode(in);
            case Opaque.COPY_DATA -> Opaque.decode(type, in);
            default -> throw Malformed.violation("message type " + type + " is unknown");
        };
    }

    /** Appends the message, type and length in front. */
    void encode(ByteBuf out);
}
