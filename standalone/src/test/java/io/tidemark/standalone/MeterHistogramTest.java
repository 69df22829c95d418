package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class MeterHistogramTest {
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Timer timer =
            Timer.builder("some.time.taken").publishPercentileHistogram().register(registry);

    private MeterHistogram scraped() {
        return MeterHistogram.read(registry.scrape(), "some.time.taken");
    }

    @Test
    void readsWhatARegistryTells() {
        timer.record(Duration.ofMillis(10));
        timer.record(Duration.ofMillis(30));

        assertThat(scraped().count()).isEqualTo(2);
        assertThat(scraped().meanMillis()).isEqualTo(20);
        assertThat(scraped().percentileMillis(50)).isBetween(10.0, 15.0);
        assertThat(scraped().percentileMillis(99)).isBetween(30.0, 40.0);
    }

    @Test
    void tellsWhatWasCountedSinceAnEarlierScrape() {
        timer.record(Duration.ofSeconds(5));
        var before = scraped();
        timer.record(Duration.ofMillis(2));

        var since = scraped().since(before);

        assertThat(since.count()).isEqualTo(1);
        assertThat(since.meanMillis()).isBetween(1.9, 2.1);
        assertThat(since.percentileMillis(99)).isLessThan(4);
    }

    @Test
    void hasCountedNothingWhereThereIsNoSuchTimer() {
        var absent = MeterHistogram.read(registry.scrape(), "no.such.timer");

        assertThat(absent.count()).isZero();
        assertThat(absent.meanMillis()).isZero();
        assertThat(absent.percentileMillis(99)).isZero();
    }
}
