package io.countersign.postgres;

import io.countersign.api.Secret;
import io.countersign.postgres.message.Authentication;
import io.countersign.postgres.message.PasswordMessage;
import io.countersign.postgres.message.Report;
import io.netty.buffer.ByteBuf;

/** How a client is asked for its token, once it has started up (54.2.1): by question and answer, without any I/O. */
sealed interface TokenRequest permits TokenRequest.AsPassword, OAuthBearer {

    /** What follows from a client's answer. */
    sealed interface Next {

        record Ask(Authentication question) implements Next {}

        record Verify(Secret token) implements Next {}

        /** The connection ends with this. */
        record Refuse(Report report) implements Next {}
    }

    Authentication question();

    /**
     * @param body of a message of type {@code p}
     * @throws io.countersign.postgres.message.Malformed where it is not the answer to the question
     */
    Next answer(ByteBuf body);

    /** The token was verified and is no good. */
    Next refused(String reason, String hint);

    /** The token stands where the protocol has a password: every client can do that. */
    record AsPassword() implements TokenRequest {

        @Override
        public Authentication question() {
            return new Authentication.CleartextPassword();
        }

        @Override
        public Next answer(ByteBuf body) {
            return new Next.Verify(PasswordMessage.decode(body).password());
        }

        @Override
        public Next refused(String reason, String hint) {
            return new Next.Refuse(Report.fatal("28P01", reason).hint(hint));
        }
    }
}
