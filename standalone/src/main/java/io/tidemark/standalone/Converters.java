package io.tidemark.standalone;

import io.tidemark.export.ExportFormat;
import io.tidemark.export.ExportTopic;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.WireName;
import io.tidemark.standalone.settings.Reader;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;

/** How options of the command line are read; what cannot be is refused with what is allowed. */
final class Converters {
    private Converters() {}

    /** The id of a stream. */
    static final class Id implements ITypeConverter<StreamId> {
        @Override
        public StreamId convert(String text) {
            return readable(() -> StreamId.parse(text));
        }
    }

    /** A time, or how long ago it was, such as {@code 2h}. */
    static final class TimeOrAgo implements ITypeConverter<Instant> {
        private final InstantSource clock;

        /* Made by picocli. */
        TimeOrAgo() {
            this(InstantSource.system());
        }

        TimeOrAgo(InstantSource clock) {
            this.clock = clock;
        }

        @Override
        public Instant convert(String text) {
            try {
                return clock.instant().minus(Reader.duration().read(text));
            } catch (IllegalArgumentException notAgo) {
                return time(text);
            } catch (DateTimeException | ArithmeticException e) {
                throw new TypeConversionException(
                        "must be no longer ago than there is time, was '" + text + "'");
            }
        }

        private static Instant time(String text) {
            try {
                return Instant.parse(text);
            } catch (DateTimeException e) {
                throw new TypeConversionException(
                        "must be a time such as 2026-11-21T09:00:00Z, or how long ago, such as 2h, was '"
                                + text
                                + "'");
            }
        }
    }

    /** A length of time, written as settings write it. */
    static final class Span implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return readable(() -> Reader.duration().read(text));
        }
    }

    /** A topic that can be exported. */
    static final class OfTopic implements ITypeConverter<ExportTopic> {
        @Override
        public ExportTopic convert(String text) {
            return named(ExportTopic.values(), text);
        }
    }

    /** A format of exports. */
    static final class OfFormat implements ITypeConverter<ExportFormat> {
        @Override
        public ExportFormat convert(String text) {
            return named(ExportFormat.values(), text);
        }
    }

    /** How many workers and edges, such as {@code 3x1}. */
    static final class OfShape implements ITypeConverter<ScaleShape> {
        @Override
        public ScaleShape convert(String text) {
            return readable(() -> ScaleShape.parse(text));
        }
    }

    private static <T extends WireName> T named(T[] all, String text) {
        return Arrays.stream(all)
                .filter(it -> it.wire().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new TypeConversionException(
                                "must be one of %s, was '%s'"
                                        .formatted(
                                                Arrays.stream(all).map(WireName::wire).toList(),
                                                text)));
    }

    /** Reads a text that may not be readable. */
    interface Reading<T> {
        T read();
    }

    /** What was read, or what picocli says of what cannot be. */
    static <T> T readable(Reading<T> reading) {
        try {
            return reading.read();
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
