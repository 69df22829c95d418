package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;

import io.tidemark.ingest.internal.SseSignal.Frame;
import io.tidemark.ingest.internal.SseSignal.Overflow;
import io.tidemark.ingest.internal.SseSignal.Unfinished;

import java.nio.ByteBuffer;
import java.util.ArrayList;

/** Whatever bytes come, in whatever pieces. */
class SseParserFuzzTest {
    private static final String DICTIONARY = "event-stream.dict";
    private static final int FRAME_BYTES_MAX = 64;

    @FuzzTest
    @DictionaryFile(resourcePath = DICTIONARY)
    void readsWhatTheStandardReads(byte[] bytes) {
        ParsedStream.check(bytes, at -> 1 + (bytes[at] & 7));
        assertThat(ParsedStream.signals(bytes, _ -> bytes.length))
                .isEqualTo(ParsedStream.signals(bytes, _ -> 1))
                .hasSizeLessThanOrEqualTo(bytes.length);
    }

    @FuzzTest
    @DictionaryFile(resourcePath = DICTIONARY)
    void holdsNoMoreThanItMay(byte[] bytes) {
        var parser = new SseParser(FRAME_BYTES_MAX);
        var signals = new ArrayList<SseSignal>();
        parser.feed(ByteBuffer.wrap(bytes), signals::add);
        parser.end(signals::add);

        for (var signal : signals) {
            switch (signal) {
                case Frame(var frame) -> holdsNoMoreThanItMay(frame);
                case Unfinished(var frame) -> holdsNoMoreThanItMay(frame);
                case Overflow _ -> assertThat(signal).isSameAs(signals.getLast());
                default -> {}
            }
        }
    }

    private static void holdsNoMoreThanItMay(SseFrame frame) {
        int name = frame.event() == null ? 0 : frame.event().length();
        int id = frame.id() == null ? 0 : frame.id().length();
        assertThat(frame.data().length() + name + id).isLessThanOrEqualTo(FRAME_BYTES_MAX);
    }
}
