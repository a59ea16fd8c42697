//! Flink's reporters of metrics that wait to be asked: each would listen for everybody, without a key.
//!
//! A reporter that sends what it has to a place of the person's choice opens nothing and is free.

/// The classes of Flink's own that listen, by their last word, with what each listens for. A short name is the class
/// without its package; Flink takes both the factory and, as an older name, the reporter itself.
const LISTENING: [(&str, &str); 4] = [
    ("PrometheusReporterFactory", "Prometheus"),
    ("PrometheusReporter", "Prometheus"),
    ("JMXReporterFactory", "JMX"),
    ("JMXReporter", "JMX"),
];

/// Why a reporter of this class is refused, if the key names a reporter's class and the class listens.
pub fn why_refused(key: &str, value: &str) -> Option<String> {
    let of_reporter = key.strip_prefix("metrics.reporter.")?;
    if !(of_reporter.ends_with(".factory.class") || of_reporter.ends_with(".class")) {
        return None;
    }
    let class = value.trim().rsplit(['.', '$']).next().unwrap_or_default();
    let (_, whom) = LISTENING.iter().find(|(listening, _)| *listening == class)?;
    Some(format!(
        "A reporter of this class opens a port for {whom} on every interface and asks nobody for a key. Take one that \
         sends, such as org.apache.flink.metrics.prometheus.PrometheusPushGatewayReporterFactory, or remove the row."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reporter_that_listens_is_refused_and_one_that_sends_is_not() {
        for (key, class) in [
            (
                "metrics.reporter.prom.factory.class",
                "org.apache.flink.metrics.prometheus.PrometheusReporterFactory",
            ),
            ("metrics.reporter.a.b.factory.class", " org.apache.flink.metrics.jmx.JMXReporterFactory "),
            ("metrics.reporter.prom.class", "org.apache.flink.metrics.prometheus.PrometheusReporter"),
        ] {
            assert!(why_refused(key, class).is_some_and(|why| why.contains("key")), "{key}");
        }
        for (key, class) in [
            (
                "metrics.reporter.push.factory.class",
                "org.apache.flink.metrics.prometheus.PrometheusPushGatewayReporterFactory",
            ),
            ("metrics.reporter.slf4j.factory.class", "org.apache.flink.metrics.slf4j.Slf4jReporterFactory"),
            ("metrics.reporter.prom.interval", "PrometheusReporterFactory"),
            ("my.class", "org.apache.flink.metrics.jmx.JMXReporterFactory"),
        ] {
            assert_eq!(why_refused(key, class), None, "{key}");
        }
    }
}
