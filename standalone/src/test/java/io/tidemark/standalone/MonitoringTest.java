package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

class MonitoringTest {
    private static final Pattern SUFFIX =
            Pattern.compile("(_total|_seconds)?(_bucket|_count|_sum|_max)?$");
    private static final Pattern ROLE = Pattern.compile("(?:edge|ingest|projector)-\\d+");
    private static final Pattern TARGET = Pattern.compile("(" + ROLE + "):\\d+");

    @Test
    void dashboardsNameMetersThatTheCodeHas() throws Exception {
        var known =
                Monitoring.meters().stream()
                        .map(name -> name.replace('.', '_'))
                        .collect(Collectors.toSet());

        assertThat(Monitoring.metrics())
                .hasSizeGreaterThan(30)
                .allSatisfy(name ->
                        assertThat(known)
                                .as(name)
                                .containsAnyOf(name, SUFFIX.matcher(name).replaceFirst("")));
    }

    @Test
    void everyPanelAsksSomething() throws Exception {
        var panels = new ArrayList<JsonNode>();
        for (var file : Monitoring.dashboards()) {
            new ObjectMapper().readTree(file.toFile()).path("panels").forEach(panels::add);
        }
        panels.removeIf(panel -> panel.path("type").asText().equals("row"));

        assertThat(panels)
                .isNotEmpty()
                .allSatisfy(panel -> {
                    assertThat(panel.path("title").asText()).isNotBlank();
                    assertThat(panel.path("targets")).isNotEmpty();
                    assertThat(panel.path("datasource").path("uid").asText())
                            .isEqualTo("prometheus");
                });
    }

    @Test
    void everyRoleOfTheInstallationIsScraped() throws Exception {
        var services = yaml("docker-compose.yml").path("services");
        var roles = new TreeSet<String>();
        services.fieldNames().forEachRemaining(roles::add);
        roles.removeIf(name -> !ROLE.matcher(name).matches());

        var scraped =
                TARGET.matcher(yaml("docker/prometheus/prometheus.yml").toString())
                        .results()
                        .map(match -> match.group(1))
                        .toList();

        assertThat(scraped).hasSize(6).containsExactlyInAnyOrderElementsOf(roles);
    }

    private static JsonNode yaml(String file) throws IOException {
        return new YAMLMapper().readTree(Monitoring.ROOT.resolve(file).toFile());
    }
}
