package penstock.probe;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/** What a {@code main} does after it has submitted its job. Kept with the job, as words to be shown. */
enum Afterwards {
    /** Nothing: as it should be. */
    RETURNS,
    /** It is still at work some seconds later. */
    BUSY,
    /** It throws, and a cluster ends then. */
    THROWS,
    /** It ends Java, and a cluster ends then. */
    EXITS;

    private static final String KEY = "penstock.afterwards";
    private static final String DETAIL = "penstock.afterwards.detail";

    void keep(Configuration configuration, String detail) {
        configuration.setString(KEY, name());
        configuration.setString(DETAIL, detail);
    }

    /** Writes down what was kept; what a stranger wrote there instead is left out. */
    static void describe(Configuration configuration, ObjectNode json) {
        String kept = configuration.getString(KEY, RETURNS.name());
        for (Afterwards one : values()) {
            if (one.name().equals(kept)) {
                json.put("afterwards", kept).put("afterwardsDetail", configuration.getString(DETAIL, ""));
            }
        }
    }
}
