package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.ReportBody.ProviderEvent;
import io.tidemark.schemas.ReportBody.Reason;
import io.tidemark.schemas.ReportBody.SafetyUpdated;
import io.tidemark.schemas.ReportBody.Stage;

import org.junit.jupiter.api.Test;

class DraftTest {
    @Test
    void whatIsSaidOfAnAnswerIsNoPartOfIt() {
        assertThat(Draft.of(new TextDelta("Hi", null)).content()).isTrue();
        assertThat(Draft.of(Status.of(Status.ACCEPTED)).content()).isFalse();
        assertThat(Draft.of(new SafetyUpdated(Stage.INPUT, false, null, null)).content()).isFalse();
        assertThat(Draft.of(new ProviderEvent("p", "t", Reason.UNKNOWN_TYPE, null, null)).content())
                .isFalse();
    }
}
