package io.countersign.postgres;

import io.countersign.api.Mask;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Compiled masks by what they were compiled from: a policy has few lists of them and uses each often. */
final class Maskers {

    private static final int MOST = 256;

    private final Map<List<Mask>, AnswerMask> compiled = new ConcurrentHashMap<>();

    AnswerMask of(List<Mask> masks) {
        AnswerMask known = compiled.get(masks);
        if (known != null) {
            return known;
        }
        if (compiled.size() >= MOST) {
            compiled.clear();
        }
        AnswerMask mask = new AnswerMask(masks);
        compiled.put(mask.masks(), mask);
        return mask;
    }
}
