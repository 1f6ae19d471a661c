package io.countersign.core;

import io.countersign.api.Answer;
import io.countersign.api.Digest;
import io.countersign.api.Frame;
import io.countersign.api.Meaning;
import io.countersign.api.SessionId;
import io.countersign.api.Target;
import io.countersign.api.Verdict;
import java.util.List;
import java.util.Map;

/** What an adapter does at the policy side's word; the same as {@link io.countersign.api.GatewayConnection} asks for. */
public interface Gate {

    void open();

    void shut();

    boolean listening();

    boolean release(SessionId session, long command, Digest digest, Verdict verdict);

    void end(SessionId session, String reason);

    List<Answer> transcribe(List<Frame> frames);

    Meaning read(String text, List<String> schemas, Target target);

    Map<String, Long> counters();
}
