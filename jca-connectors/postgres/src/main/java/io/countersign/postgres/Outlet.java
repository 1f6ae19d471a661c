package io.countersign.postgres;

import io.countersign.api.Content;
import io.countersign.api.Verdict;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** What the session does for its client's side ({@link Requests}). */
interface Outlet {

    /** To the target; flushed when the loop comes round. */
    void forward(ByteBuf bytes);

    /** Whether the target takes more at the moment. */
    boolean writable();

    void flush();

    /** Makes of the masks and limits that come with a permit what they mean for this command; now or later. */
    void running(long number, Reading reading, Content content, Verdict.Permit permit, Consumer<Permitted> told);

    void terminate();

    /** The target reads texts in another way than the gateway does: nothing can be judged. */
    void unpinned();

    void end(String sqlState, String message, String hint);
}
