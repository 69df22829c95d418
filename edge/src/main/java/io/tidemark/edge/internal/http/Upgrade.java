package io.tidemark.edge.internal.http;

import io.undertow.websockets.core.protocol.version13.Hybi13Handshake;

import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A request to go on as a WebSocket (RFC 6455, section 4.2.1), as far as the edge decides on it;
 * the handshake itself is Undertow's. Stateless.
 */
final class Upgrade {
    /** The one subprotocol. */
    static final String PROTOCOL = "tidemark.v1";

    private static final String VERSION = "13";
    private static final String VERSION_HEADER = "Sec-WebSocket-Version";
    private static final String KEY_HEADER = "Sec-WebSocket-Key";
    private static final String PROTOCOL_HEADER = "Sec-WebSocket-Protocol";
    private static final int KEY_BYTES = 16;

    private Upgrade() {}

    /** Whether the client asks for one. */
    static boolean asked(Call call) {
        return tokens(call, "Upgrade").contains("websocket")
                && tokens(call, "Connection").contains("upgrade");
    }

    private static List<String> tokens(Call call, String header) {
        var all = String.join(",", call.headers(header)).toLowerCase(Locale.ROOT);
        return List.of(all.split(",", -1)).stream().map(String::strip).toList();
    }

    /**
     * Checks that it can be done.
     *
     * @throws ProblemException if not
     */
    static void require(Call call, Origins origins) {
        if (!origins.allow(call.header("Origin").orElse(null), call.header("Host").orElse(null))) {
            throw new ProblemException(Problem.foreignOrigin());
        }
        if (!call.header(VERSION_HEADER).orElse("").equals(VERSION)) {
            throw new ProblemException(
                    Problem.invalid(VERSION_HEADER, VERSION_HEADER + " must be " + VERSION)
                            .allowing(List.of(VERSION))
                            .with(VERSION_HEADER, VERSION));
        }
        if (!isKey(call.header(KEY_HEADER).orElse(""))) {
            throw new ProblemException(
                    Problem.invalid(
                            KEY_HEADER, KEY_HEADER + " must be " + KEY_BYTES + " bytes in base64"));
        }
        if (!call.headers(PROTOCOL_HEADER).isEmpty()
                && !tokens(call, PROTOCOL_HEADER).contains(PROTOCOL)) {
            throw new ProblemException(
                    Problem.invalid(PROTOCOL_HEADER, "no protocol is offered that is spoken here")
                            .allowing(List.of(PROTOCOL)));
        }
    }

    private static boolean isKey(String text) {
        try {
            return Base64.getDecoder().decode(text).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Undertow's handshake, without extensions: nothing is compressed. */
    static Hybi13Handshake handshake() {
        return new Hybi13Handshake(Set.of(PROTOCOL), false);
    }
}
