package io.tidemark.ingest.internal.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.core.JsonProcessingException;

import io.tidemark.devkit.Recording;
import io.tidemark.ingest.internal.ProviderApi;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.anthropic.MessagesApi;
import io.tidemark.ingest.internal.chat.ChatApi;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.ingest.internal.responses.ResponsesApi;
import io.tidemark.schemas.ResponseCodec;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What we make of a recording is what the vendor's own SDK makes of it. Where it is not, or where
 * the SDK cannot read the recording, the recording is listed with the reason.
 */
class VendorAccumulatorsTest {
    /** How an SDK reads a stream. */
    @FunctionalInterface
    interface Accumulation {
        /**
         * What the SDK makes of it; throws where it cannot read it.
         *
         * @param events the data of its events
         */
        VendorAnswer read(List<String> events) throws JsonProcessingException;
    }

    /**
     * An API beside the SDK of its vendor.
     *
     * @param recordedApi what recordings of it are called
     * @param explained recordings on which the two differ, with the reason
     */
    record Vendor(
            ProviderApi api, String recordedApi, Accumulation sdk, Map<String, String> explained) {
        @Override
        public String toString() {
            return api.name();
        }
    }

    static Stream<Vendor> vendors() {
        return Stream.of(
                new Vendor(
                        new MessagesApi(),
                        "anthropic",
                        AnthropicSdk::read,
                        VendorDifferences.OF_MESSAGES),
                new Vendor(
                        new ResponsesApi(),
                        "responses",
                        OpenAiResponsesSdk::read,
                        VendorDifferences.OF_RESPONSES),
                new Vendor(new ChatApi(), "chat", OpenAiChatSdk::read, VendorDifferences.OF_CHAT));
    }

    @ParameterizedTest
    @MethodSource("vendors")
    void readsWhatTheVendorsOwnSdkReads(Vendor vendor) {
        var recordings = Recording.ofApi(vendor.recordedApi());
        assumeFalse(recordings.isEmpty(), "no recordings at " + Recording.defaultRoot());
        var differing = new TreeMap<String, String>();
        int read = 0;
        for (var recording : recordings) {
            try {
                var theirs = vendor.sdk().read(events(recording));
                read++;
                var differences = theirs.differences(ours(vendor, recording));
                if (!differences.isEmpty()) {
                    differing.put(recording.name(), String.join("; ", differences));
                }
            } catch (JsonProcessingException | RuntimeException e) {
                differing.put(recording.name(), "cannot be read: " + e);
            }
        }
        System.out.printf(
                "accumulator agreement: %d read, %d equal, %d explained (%s)%n",
                read, recordings.size() - differing.size(), vendor.explained().size(), vendor);
        assertThat(differing.keySet()).as("%s", differing).isEqualTo(vendor.explained().keySet());
    }

    private static VendorAnswer ours(Vendor vendor, Recording recording) {
        var bytes = recording.bytes();
        var response = new Pump(vendor.api()).bytes(bytes, 0, bytes.length).end().response();
        var json = new String(ResponseCodec.encode(response), StandardCharsets.UTF_8);
        return VendorAnswer.ofFold(ProviderJson.object(json).orElseThrow());
    }

    /* Not with our own parser, which is part of what is compared. */
    private static List<String> events(Recording recording) {
        var events = new ArrayList<String>();
        var text = new String(recording.bytes(), StandardCharsets.UTF_8);
        for (var frame : text.split("\\R\\R", -1)) {
            var data =
                    frame.lines()
                            .filter(line -> line.startsWith("data:"))
                            .map(line -> line.substring("data:".length()).strip())
                            .toList();
            if (!data.isEmpty()) {
                events.add(String.join("\n", data));
            }
        }
        return events;
    }
}
