package io.tidemark.schemas;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The figures of a {@link Usage}, and how they lie in each other (section 3.7 of the protocol): a
 * token counts in its total and in each part of it that it belongs to. Names on the wire are those
 * of the fields.
 *
 * <p>The order is part of the contract: parts are taken out of their total in it (section 8.5).
 */
public enum UsageKind {
    INPUT("input", null),
    CACHED_INPUT("cachedInput", INPUT),
    CACHE_WRITE("cacheWrite", INPUT),
    AUDIO_INPUT("audioInput", INPUT),
    IMAGE_INPUT("imageInput", INPUT),
    OUTPUT("output", null),
    REASONING("reasoning", OUTPUT),
    AUDIO_OUTPUT("audioOutput", OUTPUT),
    IMAGE_OUTPUT("imageOutput", OUTPUT),
    /** Seconds of audio, which providers bill instead of tokens. */
    AUDIO_SECONDS("audioSeconds", null),
    /** What is left of the input when audio and images are taken out, so it needs no rate. */
    TEXT_INPUT("textInput", INPUT),
    /** What is left of the output likewise. */
    TEXT_OUTPUT("textOutput", OUTPUT),
    /** Input and output together. */
    TOTAL("total", null);

    /** Longest audio that is believed, in seconds: some 30 million years. */
    static final BigDecimal SECONDS_MAX = BigDecimal.TEN.pow(15);

    private static final int MILLISECONDS = 3;
    private static final int PER_MILLION = 6;
    private static final List<UsageKind> UNRATED = List.of(TEXT_INPUT, TEXT_OUTPUT, TOTAL);

    private final String wire;
    private final @Nullable UsageKind total;

    UsageKind(String wire, @Nullable UsageKind total) {
        this.wire = wire;
        this.total = total;
    }

    /** The name on the wire, such as {@code cachedInput}. */
    public String wire() {
        return wire;
    }

    /** The kind of that name on the wire. */
    public static Optional<UsageKind> named(String wire) {
        return Arrays.stream(values()).filter(it -> it.wire.equals(wire)).findFirst();
    }

    /** The total that it is a part of; absent for one that is no part. */
    public @Nullable UsageKind total() {
        return total;
    }

    /** Whether it may have a rate. */
    public boolean rated() {
        return !UNRATED.contains(this);
    }

    /**
     * What was reported of it, in tokens or in seconds with three decimals; absent if nothing was,
     * or more seconds than can be.
     */
    public @Nullable BigDecimal of(Usage usage) {
        return switch (this) {
            case INPUT -> tokens(usage.input());
            case CACHED_INPUT -> tokens(usage.cachedInput());
            case CACHE_WRITE -> tokens(usage.cacheWrite());
            case AUDIO_INPUT -> tokens(usage.audioInput());
            case IMAGE_INPUT -> tokens(usage.imageInput());
            case OUTPUT -> tokens(usage.output());
            case REASONING -> tokens(usage.reasoning());
            case AUDIO_OUTPUT -> tokens(usage.audioOutput());
            case IMAGE_OUTPUT -> tokens(usage.imageOutput());
            case AUDIO_SECONDS -> seconds(usage.audioSeconds());
            case TEXT_INPUT -> tokens(usage.textInput());
            case TEXT_OUTPUT -> tokens(usage.textOutput());
            case TOTAL -> tokens(usage.total());
        };
    }

    private static @Nullable BigDecimal tokens(@Nullable Long count) {
        return count == null ? null : BigDecimal.valueOf(count);
    }

    private static @Nullable BigDecimal seconds(@Nullable Double seconds) {
        var exact = seconds == null ? null : BigDecimal.valueOf(seconds);
        return exact == null || exact.compareTo(SECONDS_MAX) > 0
                ? null
                : Amount.plain(exact.setScale(MILLISECONDS, RoundingMode.HALF_UP));
    }

    /** What a quantity of it costs, exactly: rates are for a million tokens, or for one second. */
    Amount costOf(BigDecimal quantity, Amount rate) {
        var product = quantity.multiply(rate.value());
        return new Amount(this == AUDIO_SECONDS ? product : product.movePointLeft(PER_MILLION));
    }
}
