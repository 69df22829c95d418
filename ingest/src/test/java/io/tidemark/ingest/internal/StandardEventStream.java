package io.tidemark.ingest.internal;

import com.launchdarkly.eventsource.CommentEvent;
import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.StreamClosedByServerException;
import com.launchdarkly.eventsource.StreamException;
import com.launchdarkly.logging.LDLogger;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What the WHATWG standard has a browser make of an event stream, found by somebody else's parser:
 * LaunchDarkly's, over text that {@link StandardUtf8} decoded. Stateless.
 *
 * <p>That parser leaves two things to its caller, which are done here: it decodes no byte order
 * mark, and it gives an event whose name is stated as empty an empty type.
 */
final class StandardEventStream {
    /** Something that a stream brought, with the reconnection time then in force. */
    sealed interface Seen {
        record Dispatched(String type, String data, String lastEventId, long retryMs)
                implements Seen {}

        record Comment(long retryMs) implements Seen {}

        /** The bytes ended; what was not dispatched by then never is. */
        record End(long retryMs) implements Seen {}
    }

    /** The type of an event that states none. */
    static final String DEFAULT_TYPE = "message";

    /* So that no line comes in pieces; the parser accepts no buffer smaller than this. */
    private static final int SPARE_BYTES = 256;

    private StandardEventStream() {}

    /** Everything the bytes bring, in order. */
    static List<Seen> read(byte[] bytes) {
        return readText(StandardUtf8.decode(bytes));
    }

    /** The same of text that is decoded already. */
    static List<Seen> readText(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var seen = new ArrayList<Seen>();
        try (var source =
                new EventSource.Builder(new Bytes(bytes))
                        .readBufferSize(bytes.length + SPARE_BYTES)
                        .retryDelay(0, TimeUnit.MILLISECONDS)
                        .build()) {
            readAll(source, seen);
            seen.add(new Seen.End(source.getBaseRetryDelayMillis()));
        }
        return seen;
    }

    private static void readAll(EventSource source, List<Seen> seen) {
        try {
            while (true) {
                var event = source.readAnyEvent();
                long retryMs = source.getBaseRetryDelayMillis();
                if (event instanceof MessageEvent message) {
                    seen.add(dispatched(message, retryMs));
                } else if (event instanceof CommentEvent) {
                    seen.add(new Seen.Comment(retryMs));
                }
            }
        } catch (StreamClosedByServerException _) {
            return;
        } catch (StreamException e) {
            throw new AssertionError("the bytes are all there", e);
        }
    }

    private static Seen dispatched(MessageEvent message, long retryMs) {
        var type = message.getEventName();
        var id = message.getLastEventId();
        return new Seen.Dispatched(
                type.isEmpty() ? DEFAULT_TYPE : type,
                message.getData(),
                id == null ? "" : id,
                retryMs);
    }

    /** A connection that brings these bytes; there is no network. */
    private static final class Bytes extends ConnectStrategy {
        private static final URI NOWHERE = URI.create("test:/bytes");

        private final byte[] bytes;

        Bytes(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public Client createClient(LDLogger logger) {
            return new Client() {
                @Override
                public Result connect(String lastEventId) {
                    return new Result(new ByteArrayInputStream(bytes), NOWHERE, () -> {});
                }

                @Override
                public boolean awaitClosed(long timeoutMs) {
                    return true;
                }

                @Override
                public URI getOrigin() {
                    return NOWHERE;
                }

                @Override
                public void close() {}
            };
        }
    }
}
