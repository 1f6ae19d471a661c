package io.countersign.recording.boundary;

import io.countersign.api.Answer;
import io.countersign.api.Frame;
import io.countersign.api.Session;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What was asked and answered in each session, as the client saw it. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Recordings {

    /** Appends in the order of calls; completes when written. */
    public CompletionStage<Void> append(Session session, List<Frame> frames) {
        throw new UnsupportedOperationException();
    }

    /** The whole recording in words; empty where there is none (nothing was ever recorded, or it was removed). */
    public List<Answer> replay(String sessionId) {
        throw new UnsupportedOperationException();
    }

    /** The chunk file as it stands on disk. */
    public Optional<InputStream> raw(String sessionId) {
        throw new UnsupportedOperationException();
    }
}
