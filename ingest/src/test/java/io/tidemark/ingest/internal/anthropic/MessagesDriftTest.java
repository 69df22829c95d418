package io.tidemark.ingest.internal.anthropic;

import com.anthropic.models.beta.messages.BetaCitationsDelta;
import com.anthropic.models.beta.messages.BetaContentBlock;
import com.anthropic.models.beta.messages.BetaRawContentBlockDelta;
import com.anthropic.models.beta.messages.BetaRawContentBlockStartEvent;
import com.anthropic.models.beta.messages.BetaRawMessageStreamEvent;
import com.anthropic.models.beta.messages.BetaStopReason;
import com.anthropic.models.messages.CitationsDelta;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.RawContentBlockDelta;
import com.anthropic.models.messages.RawContentBlockStartEvent;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;

import io.tidemark.ingest.internal.vendor.VendorDrift;
import io.tidemark.ingest.internal.vendor.VendorUnion;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The tables of the Messages API know what anthropic-java knows, its beta included. */
class MessagesDriftTest extends VendorDrift {
    @Override
    protected List<Table> tables() {
        return List.of(
                new Table(
                        "messages events",
                        types(RawMessageStreamEvent.class, BetaRawMessageStreamEvent.class),
                        FrameTable.types()),
                new Table(
                        "messages blocks",
                        types(
                                RawContentBlockStartEvent.ContentBlock.class,
                                BetaRawContentBlockStartEvent.ContentBlock.class,
                                ContentBlock.class,
                                BetaContentBlock.class),
                        BlockType.names()),
                new Table(
                        "messages deltas",
                        types(RawContentBlockDelta.class, BetaRawContentBlockDelta.class),
                        DeltaTable.types()),
                new Table(
                        "messages citations",
                        types(CitationsDelta.Citation.class, BetaCitationsDelta.Citation.class),
                        Citations.kinds()),
                new Table(
                        "messages stop reasons",
                        both(
                                VendorUnion.constants(StopReason.class),
                                VendorUnion.constants(BetaStopReason.class)),
                        io.tidemark.ingest.internal.anthropic.StopReason.names()));
    }

    private static Set<String> types(Class<?>... unions) {
        return Stream.of(unions)
                .map(VendorUnion::types)
                .reduce(new TreeSet<>(), MessagesDriftTest::both);
    }

    private static Set<String> both(Set<String> some, Set<String> others) {
        var all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }
}
